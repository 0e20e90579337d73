//! The repository around a page.

messages! {
    no_clone_folder(reason)
        "cannot make a temporary folder for a clone: {reason}"
        "저장소를 복제할 임시 디렉터리를 만들 수 없습니다: {reason}";
    no_clone_folder_help()
        "set TMPDIR to a folder that this user may write to"
        "이 사용자가 쓸 수 있는 디렉터리를 TMPDIR에 지정하십시오";
    no_git(reason)
        "cannot run git, which knows the repository's files: {reason}"
        "저장소의 파일을 알아내는 데 필요한 git을 실행할 수 없습니다: {reason}";
    no_git_help()
        "install git, or run the pages without the repository's files: --files none"
        "git을 설치하거나, 저장소의 파일 없이 실행하십시오: --files none";
    no_list(reason)
        "git does not list the repository's files: {reason}"
        "git으로 저장소의 파일 목록을 읽을 수 없습니다: {reason}";
    says_nothing() "it says nothing" "출력이 없습니다";
    other_owner()
        "the repository belongs to another user; if you trust it, `git config --global --add safe.directory FOLDER` says so. --files none runs the pages without its files"
        "다른 사용자의 저장소입니다. 신뢰한다면 `git config --global --add safe.directory 경로`를 실행하십시오. --files none을 지정하면 저장소의 파일 없이 실행합니다";
    without_files()
        "--files none runs the pages without the repository's files"
        "--files none을 지정하면 저장소의 파일 없이 실행합니다";
    submodule(path)
        "{path} is a submodule: the sandbox has an empty folder there, as a clone has"
        "서브모듈이라서 샌드박스에는 복제본처럼 빈 디렉터리만 있습니다: {path}";
    link_out(path)
        "{path} is a link that leaves the repository: the sandbox does not have it"
        "저장소 밖으로 나가는 링크라서 샌드박스에 없습니다: {path}";
    own_repository(path)
        "{path} is a repository of its own: the sandbox does not have it"
        "별도의 저장소라서 샌드박스에 없습니다: {path}";
    no_file(path)
        "{path} is neither file nor folder: the sandbox does not have it"
        "파일도 디렉터리도 아니라서 샌드박스에 없습니다: {path}";
    no_copy(path, reason)
        "cannot copy {path}: {reason}"
        "복사할 수 없습니다: {path}: {reason}";
    ignore_more()
        "let git ignore what pages do not need, or run the pages without the repository's files: --files none"
        "페이지에 필요 없는 파일을 git이 무시하게 하거나, 저장소의 파일 없이 실행하십시오: --files none";
    too_much(size, files, most_size, most_files, largest)
        "the repository's files are more than a sandbox is given: {size} in {files} files, where {most_size} in {most_files} are the bound; the largest are {largest}"
        "저장소의 파일이 샌드박스의 한도를 넘습니다: 파일 {files}개, {size}. 한도: 파일 {most_files}개, {most_size}. 가장 큰 것: {largest}";
    too_much_help()
        "let git ignore what pages do not need, or run the pages without the repository's files: --files none, or [verify] files = \"none\" in book.toml"
        "페이지에 필요 없는 파일을 git이 무시하게 하거나, 저장소의 파일 없이 실행하십시오: --files none 또는 book.toml의 [verify] files = \"none\"";
}
