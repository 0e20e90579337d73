//! `haechi serve`

messages! {
    not_an_ip(text)
        "`{text}` is not an IP address"
        "IP 주소가 아닙니다: `{text}`";
    not_an_ip_help() "127.0.0.1, for example" "예: 127.0.0.1";
    no_folder()
        "cannot make a temporary folder for the site"
        "사이트를 만들 임시 디렉터리를 만들 수 없습니다";
    no_folder_help()
        "set TMPDIR to a folder that this user may write to"
        "이 사용자가 쓸 수 있는 디렉터리를 TMPDIR에 지정하십시오";
    built(pages, changed)
        "{pages}, {changed} files changed"
        "{pages}, 바뀐 파일 {changed}개";
    shown(page, time)
        "{page} shown after {time} ms"
        "{page} 표시: {time}ms";
    address(address)
        "http://{address}/  (Ctrl-C ends)"
        "http://{address}/  (끝내려면 Ctrl-C)";
    no_opener(program)
        "there is no {program} to open the browser with"
        "브라우저를 열 프로그램이 없습니다: {program}";
    no_book() "no book" "책이 없습니다";
    cannot_listen(address, reason)
        "cannot listen on {address}: {reason}"
        "이 주소에서 연결을 받을 수 없습니다: {address}: {reason}";
    cannot_listen_help()
        "choose another port with --port, or another address with --hostname"
        "--port로 다른 포트를, --hostname으로 다른 주소를 지정하십시오";
    numeric_addresses() "addresses in numbers" "숫자로 된 주소";
    other_host(own)
        "This preview answers to localhost and {own} alone; the address asked for names another host.\n`haechi serve --hostname` says where it listens."
        "이 미리 보기는 localhost와 다음 주소로만 볼 수 있습니다: {own}\n다른 주소는 `haechi serve --hostname`으로 지정하십시오.";
    cannot_watch(reason)
        "cannot watch for changes: {reason}"
        "파일이 바뀌는 것을 감시할 수 없습니다: {reason}";
    cannot_watch_help()
        "fs.inotify.max_user_watches and max_user_instances limit it on Linux"
        "Linux에서는 fs.inotify.max_user_watches와 max_user_instances의 값을 늘리십시오";
}
