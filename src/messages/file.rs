//! Files and folders that cannot be read or written.

use std::io::{Error, ErrorKind};

use super::{Language, Message};

messages! {
    cannot_read(path, reason)
        "cannot read {path}: {reason}"
        "읽을 수 없습니다: {path}: {reason}";
    cannot_write(path, reason)
        "cannot write {path}: {reason}"
        "쓸 수 없습니다: {path}: {reason}";
    cannot_create(path, reason)
        "cannot create {path}: {reason}"
        "만들 수 없습니다: {path}: {reason}";
    cannot_include(path, reason)
        "cannot include {path}: {reason}"
        "포함할 수 없습니다: {path}: {reason}";
    cannot_write_man(path, reason)
        "cannot write manual pages into {path}: {reason}"
        "매뉴얼 페이지를 쓸 수 없습니다: {path}: {reason}";
    outside(path, limit)
        "{path} leads out of {limit}"
        "{path} 경로가 {limit} 밖을 가리킵니다";
    outside_help()
        "a book consists of files of its own repository: put a copy in the place of the link"
        "책은 같은 저장소의 파일로만 만듭니다. 링크 대신 파일을 복사해 두십시오";
    read_help()
        "check the path, and that this user may read it"
        "경로가 맞는지, 이 사용자가 읽을 수 있는지 확인하십시오";
    write_help()
        "check the path, that this user may write there, and that the disk has room"
        "경로가 맞는지, 이 사용자가 쓸 수 있는지, 디스크에 공간이 있는지 확인하십시오";
    a_folder() "a temporary folder" "임시 디렉터리";

    not_found() "no such file or directory" "파일이나 디렉터리가 없습니다";
    permission_denied() "permission denied" "권한이 없습니다";
    already_exists() "it exists already" "이미 있습니다";
    not_a_directory() "it is not a directory" "디렉터리가 아닙니다";
    is_a_directory() "it is a directory" "파일이 아니라 디렉터리입니다";
    storage_full() "no space is left on the disk" "디스크에 남은 공간이 없습니다";
    read_only() "the file system is read-only" "읽기 전용 파일 시스템입니다";
    not_text() "it is not UTF-8" "UTF-8 텍스트가 아닙니다";
    not_a_file() "it is not a file that can be read" "읽을 수 있는 파일이 아닙니다";
    address_in_use() "the address is in use" "이미 사용 중인 주소입니다";
    no_such_address() "this machine does not have the address" "이 컴퓨터에 없는 주소입니다";
}

/// What the system says of a failed operation; the usual reasons are there in Korean, too.
pub(crate) fn reason(error: &Error) -> Message {
    let known = match error.kind() {
        ErrorKind::NotFound => not_found(),
        ErrorKind::PermissionDenied => permission_denied(),
        ErrorKind::AlreadyExists => already_exists(),
        ErrorKind::NotADirectory => not_a_directory(),
        ErrorKind::IsADirectory => is_a_directory(),
        ErrorKind::StorageFull => storage_full(),
        ErrorKind::ReadOnlyFilesystem => read_only(),
        ErrorKind::InvalidData => not_text(),
        ErrorKind::InvalidInput => not_a_file(),
        ErrorKind::AddrInUse => address_in_use(),
        ErrorKind::AddrNotAvailable => no_such_address(),
        _ => return Message::verbatim(error),
    };
    let number = error.raw_os_error().map(|number| format!(" (os error {number})")).unwrap_or_default();
    Message::new(error.to_string(), known.text(Language::Korean).to_owned() + &number)
}
