//! `book.toml`.

use super::Message;

messages! {
    did_you_mean(name)
        "did you mean `{name}`?"
        "혹시 `{name}`입니까?";
    unknown_field(name, known)
        "unknown field `{name}`, expected one of {known}"
        "알 수 없는 키입니다: `{name}`. 쓸 수 있는 키: {known}";
    unknown_variant(name, known)
        "unknown variant `{name}`, expected one of {known}"
        "알 수 없는 값입니다: `{name}`. 쓸 수 있는 값: {known}";
    a_sequence() "a sequence" "목록";
    a_string() "a string" "문자열";
    a_boolean() "a boolean" "true 또는 false";
    a_map() "a map" "테이블";
    an_integer(value) "integer {value}" "정수 {value}";
    a_text(value) "string {value}" "문자열 {value}";
    a_truth(value) "boolean {value}" "불리언 {value}";
    wrong_type(found, wanted)
        "invalid type: {found}, expected {wanted}"
        "값의 형식이 잘못되었습니다. 적힌 값: {found}, 필요한 값: {wanted}";
    syntax_help()
        "https://toml.io has the rules of TOML"
        "TOML 문법은 https://toml.io 에 있습니다";
    unreadable(reason)
        "{reason}"
        "book.toml을 읽을 수 없습니다: {reason}";
    not_a_duration(value)
        "`{value}` is not a duration such as 500ms, 60s, 5m, 2h or 7d"
        "시간이 아닙니다: `{value}`. 예: 500ms, 60s, 5m, 2h, 7d";
    two_tables()
        "both [verify] and [output.haechi] are there: keep one"
        "[verify]와 [output.haechi]가 모두 있습니다. 하나만 남기십시오";
    two_tables_help()
        "[output.haechi] is for books that mdBook builds, too"
        "[output.haechi]는 mdBook으로도 빌드하는 책에 씁니다";
    environment(name, reason)
        "a variable {name}: {reason}"
        "환경 변수를 읽을 수 없습니다: {name}: {reason}";

    without_effect(path, instead)
        "[output.html] {path} has no effect: {instead}"
        "효과가 없는 설정입니다: [output.html] {path}. {instead}";
    without_effect_help()
        "take it out for haechi alone, or leave it for mdBook"
        "haechi만 쓰면 지우고, mdBook도 쓰면 그대로 두십시오";
    math()
        "formulas are shown as they are written: MathJax is loaded from another server"
        "MathJax는 다른 서버에서 받아야 하므로 수식을 적힌 그대로 보여 줍니다";
    repository_icon()
        "the link to the repository is a word"
        "저장소 링크는 아이콘이 아니라 글자입니다";
    hash_files()
        "the names of the site's files stay as they are"
        "사이트의 파일 이름은 바뀌지 않습니다";
    editable()
        "code in the page is not edited"
        "페이지의 코드는 편집할 수 없습니다";
    line_numbers()
        "code has no line numbers"
        "코드에 줄 번호를 표시하지 않습니다";
    runnable()
        "code is not run on another server: a snippet that should run is verified"
        "코드를 다른 서버에서 실행하지 않습니다. 실행할 코드는 haechi가 검증합니다";
    ranking()
        "the search of the site has its own ranking"
        "사이트의 검색은 자체 기준으로 순위를 정합니다";
    theme_file(path)
        "{path} has no effect: it belongs to mdBook's theme"
        "mdBook 테마의 파일이라서 효과가 없습니다: {path}";
    theme_file_help()
        "additional-css and additional-js are honoured; haechi's own templates are in themes/haechi"
        "additional-css와 additional-js는 적용됩니다. haechi의 템플릿은 themes/haechi에 있습니다";
}

/// The names that the reader of TOML lists.
pub(crate) fn names(known: &str) -> Message {
    Message::new(known.to_owned(), known.replace(" or ", ", "))
}

/// A kind of value, or a value with its kind, as the reader of TOML writes it.
pub(crate) fn kind(written: &str) -> Message {
    match written.split_once(' ') {
        Some(("integer", value)) => an_integer(value),
        Some(("string", value)) => a_text(value),
        Some(("boolean", value)) => a_truth(value),
        _ => match written {
            "a sequence" => a_sequence(),
            "a string" => a_string(),
            "a boolean" => a_boolean(),
            "a map" => a_map(),
            other => Message::verbatim(other),
        },
    }
}
