//! Why a block is neither run nor compared, and what is wrong with one that should be.

messages! {
    other_shell()
        "its language is that of a shell other than bash"
        "bash가 아닌 셸의 언어입니다";
    nearly_a_shell(language)
        "`{language}` is not a known language; `sh`, `bash` and `console` are run"
        "알려지지 않은 언어입니다: `{language}`. `sh`, `bash`, `console`로 적으면 실행합니다";
    prompt_in_output()
        "it is a block of plain text that shows a prompt; name it `console` to have it run"
        "프롬프트가 있는 일반 텍스트 블록입니다. 실행하려면 언어를 `console`로 적으십시오";
    unknown_prompt()
        "its first command stands behind a prompt that is not known; write `$ `"
        "알려지지 않은 프롬프트 뒤에 명령이 있습니다. `$ `로 적으십시오";
    unopened_program()
        "it is typed at the prompt of a program that the page does not open"
        "페이지에서 실행하지 않은 프로그램의 프롬프트에 입력하는 내용입니다";
    begins_with_continuation()
        "its first line begins with `> `, which the shell takes for a redirection; write `$ `"
        "첫 줄이 `> `로 시작해서 셸이 리디렉션으로 처리합니다. `$ `로 적으십시오";
    second_output()
        "it is a second block of output after one command, compared with nothing"
        "한 명령의 두 번째 출력 블록이라서 아무것과도 비교하지 않습니다";
    far_output()
        "it is output too far from its command, compared with nothing"
        "명령에서 너무 멀리 떨어진 출력이라서 아무것과도 비교하지 않습니다";
    no_prompt()
        "it shows no prompt and follows no command without output"
        "프롬프트가 없고, 출력을 기다리는 명령 뒤에 있지도 않습니다";
    no_language()
        "a block without a language is run only if it shows prompts; name it `sh`"
        "언어가 없는 코드 블록은 프롬프트가 있을 때에만 실행합니다. 언어를 `sh`로 적으십시오";
    lone_output()
        "it is output of no command, compared with nothing"
        "앞에 명령이 없는 출력이라서 아무것과도 비교하지 않습니다";
    before_prompt()
        "the lines before its first prompt belong to no command, and are compared with nothing"
        "첫 프롬프트 앞의 줄은 어느 명령의 출력도 아니라서 아무것과도 비교하지 않습니다";
    control_character(code)
        "the command contains the control character {code}"
        "명령에 제어 문자가 있습니다: {code}";
    control_character_help()
        "take it out: a reader cannot type it"
        "독자가 입력할 수 없는 문자이므로 지우십시오";
    shown_twice()
        "the transcript before this block shows the output already"
        "앞의 블록에 이미 출력이 있습니다";
    shown_twice_help()
        "keep one of the two, so that one of them is the promise"
        "둘 중 하나만 남기십시오";
    of_a_command(name)
        "`{name}` says something of a command, and this block is the output of one"
        "출력 블록에 명령에 대한 속성이 있습니다: `{name}`";
    of_a_command_help()
        "write it behind the language of the block of commands before this one"
        "앞에 있는 명령 블록의 언어 뒤에 적으십시오";
    no_effect()
        "this block is not run, so its attributes have no effect"
        "실행하지 않는 블록이라서 속성이 효과가 없습니다";
    no_effect_help()
        "give it a shell language, such as `sh`, or take the attributes out"
        "`sh`처럼 셸의 언어를 적거나 속성을 지우십시오";
}
