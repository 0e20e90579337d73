//! What a reader of a book would stumble on.

messages! {
    no_heading(page, anchor)
        "{page} has no heading `#{anchor}`"
        "{page}에 없는 제목입니다: `#{anchor}`";
    no_heading_help()
        "the anchor of a heading is its text with `-` for blanks"
        "제목의 앵커는 제목에서 공백을 `-`로 바꾼 것입니다";
    no_page(path)
        "there is no page `{path}`"
        "페이지가 없습니다: `{path}`";
    no_file(path)
        "there is no file `{path}`"
        "파일이 없습니다: `{path}`";
    relative_links()
        "links are relative to the page they stand on"
        "링크는 링크가 있는 페이지를 기준으로 적습니다";
    did_you_mean(address)
        "did you mean `{address}`?"
        "혹시 `{address}`입니까?";
    unlisted_target(path)
        "`{path}` is in no line of SUMMARY.md, so the site does not have it"
        "SUMMARY.md에 없어서 사이트에 들어가지 않는 페이지입니다: `{path}`";
    unlisted_target_help()
        "add it to SUMMARY.md, or link to something else"
        "SUMMARY.md에 추가하거나 다른 곳으로 연결하십시오";
    unlisted_page(path)
        "{path} is in no line of SUMMARY.md, so the site does not have it"
        "SUMMARY.md에 없어서 사이트에 들어가지 않는 페이지입니다: {path}";
    unlisted_page_help()
        "add it to SUMMARY.md, or delete it"
        "SUMMARY.md에 추가하거나 지우십시오";
    unlisted_pages(paths)
        "{paths} are in no line of SUMMARY.md, so the site does not have them"
        "SUMMARY.md에 없어서 사이트에 들어가지 않는 페이지입니다: {paths}";
    unlisted_pages_help()
        "add them to SUMMARY.md, or delete them"
        "SUMMARY.md에 추가하거나 지우십시오";
    and_more(names, count)
        "{names} and {count} more"
        "{names} 외 {count}개";
    no_glossary(path)
        "the glossary {path} is not a page of the book"
        "용어집이 책의 페이지가 아닙니다: {path}";
    no_glossary_help()
        "fix `[check] glossary` in book.toml"
        "book.toml의 `[check] glossary`를 고치십시오";
    offline(reason)
        "no other site can be reached: {reason}"
        "다른 사이트에 연결할 수 없습니다: {reason}";
    offline_help()
        "look at the network, or check without --external"
        "네트워크를 확인하거나 --external 없이 검사하십시오";
    no_host()
        "there is no such host"
        "없는 호스트입니다";
    gone(url, reason)
        "{url}: {reason}"
        "열 수 없는 주소입니다: {url}: {reason}";
    gone_help()
        "link to where it has moved, or take the link out"
        "옮겨 간 곳으로 연결하거나 링크를 지우십시오";

    outside() "outside of this book" "책 밖으로 연결하는 링크";
    uncertain()
        "not checked, since a preprocessor did not run"
        "전처리기를 실행하지 않아 확인하지 못한 링크";
    link_at(state, place, url)
        "{state}: {place}  {url}"
        "{state}: {place}  {url}";
    one_link(state, names)
        "1 link {state} ({names}): --outside lists them"
        "{state} 1개({names}). --outside로 볼 수 있습니다";
    links(count, state, names)
        "{count} links {state} ({names}): --outside lists them"
        "{state} {count}개({names}). --outside로 볼 수 있습니다";
    left_out(programs)
        "pages are checked as they are written: `{programs}` did not run; --trust runs it"
        "`{programs}` 없이 적힌 그대로 검사했습니다. --trust를 지정하면 실행합니다";
    one_unsupported()
        "1 setting or theme file has no effect in haechi: --unsupported lists them"
        "haechi에서 효과가 없는 설정이나 테마 파일이 1개 있습니다. --unsupported로 볼 수 있습니다";
    unsupported(count)
        "{count} settings and theme files have no effect in haechi: --unsupported lists them"
        "haechi에서 효과가 없는 설정이나 테마 파일이 {count}개 있습니다. --unsupported로 볼 수 있습니다";
    external(links, cached, examples)
        "{links} to other sites: {cached} known from the last seven days, {examples} not asked, since they are examples"
        "다른 사이트로 연결하는 {links}: 최근 7일 안에 확인한 링크 {cached}개, 예시라서 확인하지 않은 링크 {examples}개";
    unknown(url, reason)
        "not known: {url} ({reason})"
        "확인하지 못했습니다: {url} ({reason})";
    checked(pages, findings)
        "{pages} checked, {findings}"
        "{pages}를 검사했습니다. {findings}";
    would_be_fixed(count)
        ", {count} would be fixed"
        ". {count}개를 고칠 수 있습니다";
    fixed(count)
        ", {count} fixed"
        ". {count}개를 고쳤습니다";
    fixable(count)
        ", {count} of them can be fixed with --fix"
        ". {count}개는 --fix로 고칠 수 있습니다";
    links_fixed(path, links)
        "{path}: {links} fixed"
        "{path}: {links}를 고쳤습니다";
}
