//! Fences, attributes and directives that cannot be read.

messages! {
    second_braces()
        "only the first pair of braces counts: write all attributes in one"
        "중괄호는 첫 번째 쌍만 읽습니다. 속성을 모두 한 쌍 안에 적으십시오";
    attribute_twice(name)
        "the attribute `{name}` is given twice: keep one"
        "같은 속성이 두 번 있습니다: `{name}`. 하나만 남기십시오";
    skip_and_unverified()
        "a fence is marked `skip` or `unverified`, not both"
        "코드 블록 하나에 `skip`과 `unverified`를 함께 적을 수 없습니다";
    attribute_wants(name, what, example)
        "`{name}` wants {what}, as in `{name}={example}`"
        "`{name}` 속성의 값이 잘못되었습니다. 필요한 값: {what}. 예: `{name}={example}`";
    a_reason() "the reason" "이유";
    a_terminal() "the name of a terminal" "터미널 이름";
    a_path() "a path" "경로";
    a_text() "a text" "텍스트";
    an_exit_code() "an exit code" "종료 코드";
    a_duration() "a duration" "시간";
    no_value(name)
        "`{name}` takes no value: write it alone"
        "`{name}` 속성에는 값을 적지 않습니다. 이름만 적으십시오";
    marked_lines()
        "the lines to mark are written as in `{{2,4-6}}`"
        "강조할 줄은 `{{2,4-6}}`처럼 적으십시오";
    unknown_attribute(name, nearest)
        "unknown attribute `{name}`; did you mean `{nearest}`?"
        "알 수 없는 속성입니다: `{name}`. 혹시 `{nearest}`입니까?";
    open_braces()
        "the attributes do not end with `}}`: add it"
        "속성을 닫는 `}}` 문자가 없습니다. 추가하십시오";
    outside_of_braces(name, written)
        "`{name}` has no effect outside of braces; write `{{{written}}}`"
        "중괄호 밖의 `{name}` 속성은 효과가 없습니다. `{{{written}}}`처럼 적으십시오";
    open_quote(name)
        "the value of `{name}` has no closing quote: add it"
        "`{name}` 속성의 값을 닫는 따옴표가 없습니다. 따옴표를 추가하십시오";
    unverified_wants(what, example)
        "a fence that is `unverified` wants {what}, as in `{example}`"
        "`unverified` 코드 블록에 필요한 값이 없거나 잘못되었습니다: {what}. 예: `{example}`";
    a_source()
        "the address where the commands were read"
        "명령을 읽은 주소";
    a_date()
        "the day on which they were read"
        "읽은 날짜";

    directive_form(rest)
        "a directive is written `<!-- haechi: {rest} -->`"
        "지시문은 `<!-- haechi: {rest} -->` 형식으로 적습니다";
    empty_comment()
        "the directive is empty; write one such as `<!-- haechi: run COMMAND -->`"
        "지시문이 비어 있습니다. `<!-- haechi: run COMMAND -->`처럼 적으십시오";
    empty_directive(verb, example)
        "the directive `{verb}` is empty; write it as in `<!-- haechi: {verb} {example} -->`"
        "지시문의 내용이 비어 있습니다. `<!-- haechi: {verb} {example} -->`처럼 적으십시오";
    fresh_alone()
        "`fresh` stands alone: take out what follows it"
        "`fresh` 뒤에는 아무것도 적지 않습니다. 뒤의 내용을 지우십시오";
    tabs_alone()
        "`tabs` stands alone; each heading below it opens a tab"
        "`tabs` 뒤에는 아무것도 적지 않습니다. 그 아래의 제목마다 탭이 하나씩 열립니다";
    only_tabs_end()
        "only `end tabs` ends something"
        "`end` 뒤에는 `tabs`만 적을 수 있습니다";
    unknown_directive(name, nearest)
        "unknown directive `{name}`; did you mean `{nearest}`?"
        "알 수 없는 지시문입니다: `{name}`. 혹시 `{nearest}`입니까?";
    http_address()
        "`http` wants an address that begins with http:// or https://"
        "`http` 지시문의 주소는 http:// 또는 https:// 형식이어야 합니다";
    option_twice(name)
        "`{name}` is given twice: keep one"
        "같은 옵션이 두 번 있습니다: `{name}`. 하나만 남기십시오";
    not_a_status(value)
        "`{value}` is not a status code such as 200"
        "상태 코드가 아닙니다: `{value}`. 예: 200";
    contains_wants_text()
        "`contains` wants the text that the page shows, as in `contains=\"Welcome\"`"
        "`contains`에는 화면에 나오는 텍스트를 적으십시오. 예: `contains=\"Welcome\"`";
    not_a_size(value)
        "`{value}` is not a size such as 1000x640"
        "크기가 아닙니다: `{value}`. 예: 1000x640";
    not_a_duration(value)
        "`{value}` is not a duration such as 30s"
        "시간이 아닙니다: `{value}`. 예: 30s";
    unknown_http_option(name)
        "`http` knows status=, contains=\"…\", within=, picture=NAME.png and size=WIDTHxHEIGHT, not `{name}`"
        "`http` 지시문의 옵션이 아닙니다: `{name}`. status=, contains=\"…\", within=, picture=NAME.png, size=WIDTHxHEIGHT만 쓸 수 있습니다";

    unclosed_directive()
        "this directive is not closed"
        "지시문이 닫히지 않았습니다";
    close_directive()
        "close it with `-->`"
        "`-->`로 닫으십시오";
    continues_first()
        "`continues` must come before every block and every other directive"
        "`continues`는 모든 코드 블록과 다른 지시문보다 앞에 있어야 합니다";
    continues_once()
        "write it once, at the top of the page"
        "페이지의 맨 위에 한 번만 적으십시오";
    useless_secret()
        "no command of this page can ask for this secret"
        "이 페이지에는 이 비밀 값을 물어볼 명령이 없습니다";
    useless_secret_help()
        "write it before the command that asks for it, or remove it"
        "값을 묻는 명령 앞에 적거나 지시문을 지우십시오";
    nested_tabs()
        "tabs stand inside tabs"
        "탭 안에 탭이 있습니다";
    nested_tabs_help()
        "end the ones before with <!-- haechi: end tabs -->"
        "앞의 탭을 <!-- haechi: end tabs -->로 끝내십시오";
    no_open_tabs()
        "no tabs are open here"
        "여기에는 열린 탭이 없습니다";
    no_open_tabs_help()
        "write <!-- haechi: tabs --> before them, or remove this"
        "탭 앞에 <!-- haechi: tabs -->를 적거나 이 지시문을 지우십시오";
    endless_tabs()
        "these tabs do not end"
        "탭이 끝나지 않았습니다";
    endless_tabs_help()
        "write <!-- haechi: end tabs --> after the last of them"
        "마지막 탭 뒤에 <!-- haechi: end tabs -->를 적으십시오";

    heading(level) "heading {level}" "{level}단계 제목";
    code_block(lines) "code block of {lines} lines" "{lines}줄 코드 블록";
    only_on_site(what)
        "the site shows a {what} here, GitHub does not"
        "사이트에서는 이 자리가 다르게 보입니다. GitHub에 없는 것: {what}";
    only_on_github(what)
        "GitHub shows a {what} here, the site does not"
        "GitHub에서는 이 자리가 다르게 보입니다. 사이트에 없는 것: {what}";
    disagreement_help()
        "blank lines around the block usually make both agree"
        "블록의 앞뒤에 빈 줄을 두면 대개 같아집니다";
}
