//! The prose of a Korean book.

messages! {
    allow(help, subject)
        "{help}; or say <!-- haechi: allow {subject} --> on this page if it is intentional"
        "{help}. 의도한 것이라면 이 페이지에 <!-- haechi: allow {subject} -->를 적으십시오";
    useless_allow(word)
        "nothing on this page needs that `{word}` is allowed"
        "이 페이지에 필요 없는 예외입니다: `{word}`";
    useless_allow_help()
        "take the comment out"
        "이 주석을 지우십시오";
    two_spaces() "two spaces in a row" "공백이 연속으로 있습니다";
    two_spaces_help() "leave one" "하나만 남기십시오";
    full_width(mark) "`{mark}` is a full-width mark" "전각 부호입니다: `{mark}`";
    full_width_help() "write the usual one" "반각 부호로 적으십시오";
    space_before_mark() "a space before a mark" "문장 부호 앞에 공백이 있습니다";
    space_before_mark_help() "take it out" "공백을 지우십시오";
    particle(particle, word)
        "`{particle}` does not agree with `{word}`"
        "조사가 앞말과 맞지 않습니다: `{word}{particle}`";
    particle_help(right) "write `{right}`" "다음과 같이 적으십시오: `{right}`";
    avoided(word)
        "the book does not say `{word}`"
        "이 책에서 쓰지 않는 말입니다: `{word}`";
    avoided_help(instead) "say `{instead}`" "다음과 같이 적으십시오: `{instead}`";
    unexplained(word)
        "`{word}` comes without an explanation"
        "설명 없이 나온 영어입니다: `{word}`";
    unexplained_help(word)
        "write the Korean word with `({word})` behind it, or put it into the glossary or `[check] english`"
        "한국어 뒤의 괄호 안에 적거나, 용어집이나 `[check] english`에 추가하십시오: `({word})`";
    register(ending)
        "a sentence ends with `{ending}`, which is another register"
        "합쇼체가 아닌 문장입니다: `{ending}`";
    register_help()
        "end it with -니다, -니까, -십시오 or -ㅂ시다"
        "-니다, -니까, -십시오, -ㅂ시다 가운데 하나로 끝내십시오";
}
