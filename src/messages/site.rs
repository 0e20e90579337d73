//! The site, and the browser that prints it.

messages! {
    no_chromium()
        "this needs Chromium, and there is none"
        "Chromium이 필요한데 설치되어 있지 않습니다";
    no_chromium_help(names)
        "install one of: {names}"
        "다음 가운데 하나를 설치하십시오: {names}";
    no_profile(reason)
        "no folder for the browser's profile: {reason}"
        "브라우저의 프로필 디렉터리를 만들 수 없습니다: {reason}";
    no_profile_help()
        "set TMPDIR to a folder that this user may write to"
        "이 사용자가 쓸 수 있는 디렉터리를 TMPDIR에 지정하십시오";
    browser_failed(browser, reason)
        "{browser} fails: {reason}"
        "브라우저 실행이 실패했습니다: {browser}: {reason}";
    browser_failed_help()
        "run it by hand to see why, or install another version"
        "직접 실행해서 원인을 확인하거나 다른 버전을 설치하십시오";
    did_not_end(seconds)
        "it did not end within {seconds} s"
        "{seconds}초 안에 끝나지 않았습니다";
    says_nothing() "it says nothing" "출력이 없습니다";

    not_cached(reason)
        "the settings of book.toml cannot be cached: {reason}"
        "book.toml의 설정을 캐시에 저장할 수 없습니다: {reason}";
    not_cached_help()
        "take out the key that it names"
        "표시된 키를 지우십시오";
    own_files_help()
        "additional-css and additional-js of book.toml name files relative to it"
        "book.toml의 additional-css와 additional-js에는 book.toml을 기준으로 경로를 적습니다";
    bad_redirect(from, wrong)
        "[output.html.redirect] of book.toml leads away from `{from}`, which {wrong}"
        "book.toml의 [output.html.redirect]에 적힌 주소 `{from}`: {wrong}";
    redirect_outside() "is outside of the site" "사이트 밖의 주소입니다";
    redirect_of_page() "is a page of the book" "책에 있는 페이지입니다";
    bad_redirect_help()
        "the left side of a redirect is an address that pages have left"
        "리디렉션의 왼쪽에는 페이지가 있던 예전 주소를 적습니다";
    collision(one, other, path)
        "{one} and {other} are both {path} on the site"
        "사이트에서 경로가 같습니다: {path}: {one}, {other}";
    collision_help()
        "give one another name, or take it out"
        "하나의 이름을 바꾸거나 지우십시오";
    anchor_collision(one, other, anchor)
        "{one} and {other} both have `#{anchor}` in print.html"
        "print.html에서 앵커가 같습니다: `#{anchor}`: {one}, {other}";
    anchor_collision_help()
        "give a page or a heading another name, or leave that page out: `[output.html.print] enable = false` in book.toml"
        "페이지나 제목의 이름을 바꾸거나, print.html을 만들지 마십시오: book.toml의 `[output.html.print] enable = false`";
    the_theme() "the theme" "테마";
    the_contents() "the table of contents" "차례";
    the_state() "the state of the book" "책의 상태";
    the_glossary() "the glossary" "용어집";
    the_search() "the search" "검색";
    the_print() "the whole book as one page (print.html)" "책 전체를 담은 페이지 (print.html)";
    the_first_page() "the first page (index.html)" "첫 페이지 (index.html)";
    the_404_page() "the page for lost readers (404.html)" "찾을 수 없음 페이지 (404.html)";
    the_redirect(from) "the redirect from {from}" "{from} 리디렉션";
    the_recording(page) "the recording of {page}" "{page}의 녹화";
    the_reader() "what readers compare their screens with" "독자의 화면과 비교할 자료";
    the_reader_of(page) "what readers compare {page} with" "독자의 화면과 비교할 자료 ({page})";
    obstacle(file, path)
        "{file} stands where the site has {path}"
        "{file} 때문에 사이트의 파일을 쓸 수 없습니다: {path}";
    obstacle_help()
        "haechi did not make it: move it away, or remove it"
        "haechi가 만든 파일이 아닙니다. 옮기거나 지우십시오";
    foreign_files(folder)
        "{folder} contains files that haechi did not make"
        "haechi가 만들지 않은 파일이 있는 디렉터리입니다: {folder}";
    foreign_files_help()
        "name another folder with --dest-dir, or empty this one"
        "--dest-dir로 다른 디렉터리를 지정하거나 이 디렉터리를 비우십시오";
    diagram()
        "this diagram cannot be drawn"
        "그릴 수 없는 다이어그램입니다";
    diagram_takes_long(seconds)
        "this diagram is not drawn within {seconds} s: it has too many arrows"
        "화살표가 너무 많아서 {seconds}초 안에 그릴 수 없는 다이어그램입니다";
    diagram_because(reason)
        "this diagram cannot be drawn: {reason}"
        "그릴 수 없는 다이어그램입니다: {reason}";
    diagram_help()
        "fix its text as Mermaid's documentation has it, or name the block `text`"
        "Mermaid 문법에 맞게 고치거나 블록의 언어를 `text`로 적으십시오";
    theme_help()
        "fix it in themes/haechi, or take it out to use the built-in one"
        "themes/haechi에서 고치거나, 지우고 내장된 것을 사용하십시오";
    theme_link(path)
        "{path} is a link, which a site does not follow"
        "사이트에 넣지 않는 링크입니다: {path}";
    theme_link_help()
        "put a copy of the file in its place"
        "링크 대신 파일을 복사해 두십시오";
    malformed(what, reason)
        "{what} of the theme is malformed: {reason}"
        "테마의 형식이 잘못되었습니다: {what}: {reason}";
    a_template() "a template" "템플릿";
    no_mark()
        "the template print.html has no {{{{ mark }}}}, where the pages stand"
        "템플릿 print.html에 페이지가 들어갈 {{{{ mark }}}}가 없습니다";
    template_failed(template, reason)
        "the template {template} fails: {reason}"
        "템플릿을 적용할 수 없습니다: {template}: {reason}";
    no_print(file)
        "the site has no {file}"
        "사이트에 없는 파일입니다: {file}";
    no_print_help()
        "the PDF is printed from it: take `[output.html.print] enable = false` out of book.toml"
        "PDF를 만들려면 필요한 파일입니다. book.toml에서 `[output.html.print] enable = false`를 지우십시오";
}
