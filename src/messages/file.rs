//! Files and folders that cannot be read or written.

use std::io::{Error, ErrorKind};

use super::Message;

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
    read_help()
        "check the path, and that this user may read it"
        "경로가 맞는지, 이 사용자가 읽을 수 있는지 확인하십시오";
    write_help()
        "check the path, that this user may write there, and that the disk has room"
        "경로가 맞는지, 이 사용자가 쓸 수 있는지, 디스크에 공간이 있는지 확인하십시오";
    a_folder() "a temporary folder" "임시 디렉터리";

    not_found(system) "{system}" "파일이나 디렉터리가 없습니다 ({system})";
    permission_denied(system) "{system}" "권한이 없습니다 ({system})";
    already_exists(system) "{system}" "이미 있습니다 ({system})";
    not_a_directory(system) "{system}" "디렉터리가 아닙니다 ({system})";
    is_a_directory(system) "{system}" "파일이 아니라 디렉터리입니다 ({system})";
    storage_full(system) "{system}" "디스크에 남은 공간이 없습니다 ({system})";
    read_only(system) "{system}" "읽기 전용 파일 시스템입니다 ({system})";
    not_text(system) "{system}" "UTF-8 텍스트가 아닙니다 ({system})";
    not_a_file(system) "{system}" "읽을 수 있는 파일이 아닙니다 ({system})";
    address_in_use(system) "{system}" "이미 사용 중인 주소입니다 ({system})";
    no_such_address(system) "{system}" "이 컴퓨터에 없는 주소입니다 ({system})";
}

/// What the system says of a failed operation; a Korean reader is told the usual reasons in Korean.
pub(crate) fn reason(error: &Error) -> Message {
    match error.kind() {
        ErrorKind::NotFound => not_found(error),
        ErrorKind::PermissionDenied => permission_denied(error),
        ErrorKind::AlreadyExists => already_exists(error),
        ErrorKind::NotADirectory => not_a_directory(error),
        ErrorKind::IsADirectory => is_a_directory(error),
        ErrorKind::StorageFull => storage_full(error),
        ErrorKind::ReadOnlyFilesystem => read_only(error),
        ErrorKind::InvalidData => not_text(error),
        ErrorKind::InvalidInput => not_a_file(error),
        ErrorKind::AddrInUse => address_in_use(error),
        ErrorKind::AddrNotAvailable => no_such_address(error),
        _ => Message::verbatim(error),
    }
}
