//! The Docker Engine: what keeps pages from running in it, and how it is made ready.

messages! {
    no_engine(address, reason)
        "no Docker Engine answers at {address}: {reason}"
        "응답하는 Docker Engine이 없습니다: {address}: {reason}";
    no_engine_help()
        "start Docker, or set DOCKER_HOST; `haechi engine doctor` looks at the machine"
        "Docker를 시작하거나 DOCKER_HOST를 지정하십시오. `haechi engine doctor`로 컴퓨터의 상태를 점검할 수 있습니다";
    silent(seconds)
        "it has not answered for {seconds} s"
        "{seconds}초 동안 응답하지 않았습니다";
    no_image(image)
        "the engine has no image `{image}` to make sandboxes from"
        "샌드박스를 만들 이미지가 엔진에 없습니다: `{image}`";
    no_image_help()
        "load the image that --sandbox-image names into the engine, or leave the option out: haechi makes one"
        "--sandbox-image에 지정한 이미지를 엔진에 불러오거나 옵션을 빼십시오. 옵션이 없으면 haechi가 만듭니다";
    no_mirror(reason)
        "the mirror that serves images to the sandboxes does not answer: {reason}"
        "샌드박스에 이미지를 제공하는 미러가 응답하지 않습니다: {reason}";
    no_mirror_help()
        "`haechi engine up` starts it; `haechi engine doctor` looks at the machine"
        "`haechi engine up`으로 시작하십시오. `haechi engine doctor`로 컴퓨터의 상태를 점검할 수 있습니다";
    list_failed(exit)
        "its list ended with exit code {exit}"
        "목록을 읽는 명령이 실패했습니다 (종료 코드 {exit})";
    too_old(version, api)
        "Docker Engine {version} (API {api}) is too old: sandboxes need 20.10 (API 1.41)"
        "지원하지 않는 버전입니다: Docker Engine {version} (API {api}). 샌드박스에는 20.10 (API 1.41) 이상이 필요합니다";
    too_old_help()
        "use a newer Docker Engine, here or through DOCKER_HOST"
        "Docker Engine을 업데이트하거나, 새 버전의 엔진을 DOCKER_HOST에 지정하십시오";
    podman()
        "the engine is Podman, which does not take what a sandbox's walls need over Docker's API"
        "Podman 엔진입니다. 샌드박스의 격리에 필요한 설정을 Docker API로 받지 않습니다";
    podman_help()
        "start Docker, or set DOCKER_HOST to a Docker Engine; docs/en/engine.md has the reason"
        "Docker를 시작하거나 DOCKER_HOST에 Docker Engine을 지정하십시오. 이유는 docs/ko/engine.md에 있습니다";
    no_runtime(wanted, known)
        "the engine has no runtime `{wanted}`; it has {known}"
        "엔진에 없는 런타임입니다: `{wanted}`. 있는 런타임: {known}";
    no_runtime_help()
        "leave --runtime out, or add the runtime to the engine's daemon.json and restart the engine"
        "--runtime을 빼거나, 엔진의 daemon.json에 런타임을 추가하고 엔진을 다시 시작하십시오";
    too_much()
        "a program in the sandbox printed without end"
        "샌드박스의 프로그램이 출력을 끝없이 내보냅니다";
    refused(reason)
        "the Docker Engine refused: {reason}"
        "Docker Engine이 요청을 거부했습니다: {reason}";
    no_disk_limit(reason)
        "the size of a sandbox's disk cannot be limited: the engine's machine has no loop devices, and {reason}"
        "샌드박스의 디스크 크기를 제한할 수 없습니다. 엔진이 있는 컴퓨터에 루프 장치가 없습니다: {reason}";
    no_disk_limit_help()
        "load the kernel's module for loop devices on the engine's machine (`modprobe loop`), or do without a limit: --disk 0"
        "엔진이 있는 컴퓨터에서 커널 모듈을 불러오거나(`modprobe loop`), 제한 없이 실행하십시오: --disk 0";
    not_ready(reason)
        "the engine inside the sandbox did not start: {reason}"
        "샌드박스 안의 엔진이 시작되지 않았습니다: {reason}";
    no_shell(reason)
        "cannot run a shell on this machine: {reason}"
        "이 컴퓨터에서 셸을 실행할 수 없습니다: {reason}";
    no_shell_help()
        "bash must be installed, and the temporary folder writable"
        "bash가 설치되어 있어야 하고, 임시 디렉터리에 쓸 수 있어야 합니다";
    not_filled(exit)
        "the repository's files could not be put into the sandbox (tar ended with {exit})"
        "저장소의 파일을 샌드박스에 복사하지 못했습니다 (tar 종료 코드 {exit})";
    not_filled_help()
        "give the sandbox a larger disk (--disk), or run the pages without the repository's files: --files none"
        "샌드박스의 디스크를 늘리거나(--disk), 저장소의 파일 없이 실행하십시오: --files none";
    gone()
        "the shell in the sandbox is gone"
        "샌드박스의 셸이 사라졌습니다";
    doctor_and_log()
        "`haechi engine doctor` looks at the machine; the engine's own log says more"
        "`haechi engine doctor`로 컴퓨터의 상태를 점검하고, 엔진의 로그를 확인하십시오";
    doctor_help()
        "`haechi engine doctor` looks at the machine"
        "`haechi engine doctor`로 컴퓨터의 상태를 점검하십시오";
    went_away(page)
        "the Docker Engine went away while {page} ran"
        "{page} 페이지를 실행하는 동안 Docker Engine과 연결이 끊어졌습니다";
    went_away_help()
        "start it again and run the command again: the evidence of the pages before is used"
        "엔진을 다시 시작하고 명령을 다시 실행하십시오. 앞 페이지들은 증거를 사용합니다";

    not_built(image, reason)
        "the image {image} could not be built: {reason}"
        "이미지를 빌드하지 못했습니다: {image}: {reason}";
    not_built_help()
        "see what the engine said; `haechi engine doctor` looks at the machine"
        "엔진의 출력을 확인하십시오. `haechi engine doctor`로 컴퓨터의 상태를 점검할 수 있습니다";
    no_base(reason)
        "there is no Debian to make the sandbox from: {reason}"
        "샌드박스를 만들 Debian 이미지가 없습니다: {reason}";
    no_base_help()
        "let the engine reach Docker Hub, or load an image: `docker load` of one that has debian:sid-slim and debian:trixie-slim; on Debian, root makes it from Debian's packages"
        "엔진이 Docker Hub에 연결할 수 있게 하거나, debian:sid-slim과 debian:trixie-slim이 든 이미지를 `docker load`로 불러오십시오. Debian에서는 root가 Debian 패키지로 만들 수 있습니다";
    mirror_down(reason)
        "the mirror of images does not answer: {reason}"
        "이미지 미러가 응답하지 않습니다: {reason}";
    mirror_down_help()
        "see `docker logs haechi-mirror`; HAECHI_MIRROR_PORT chooses another port"
        "`docker logs haechi-mirror`를 확인하십시오. HAECHI_MIRROR_PORT로 다른 포트를 지정할 수 있습니다";
    curl_failed(exit) "curl ended with {exit}" "curl이 실패했습니다 (종료 코드 {exit})";
    no_recipe(reason)
        "cannot make the sandbox's recipe ready: {reason}"
        "샌드박스를 만들 파일을 준비할 수 없습니다: {reason}";
    hub_is_off()
        "Docker Hub is not asked (HAECHI_HUB=none)"
        "Docker Hub를 사용하지 않습니다 (HAECHI_HUB=none)";
    hub_failed(image, reason)
        "the engine does not get {image} from Docker Hub: {reason}"
        "엔진이 Docker Hub에서 이미지를 받지 못했습니다: {image}: {reason}";
    only_root()
        "only root on Debian makes one from packages"
        "패키지로 만들려면 Debian의 root 사용자여야 합니다";
    no_bash(reason) "cannot run bash: {reason}" "bash를 실행할 수 없습니다: {reason}";

    downloading(image) "downloading {image}" "이미지를 받는 중입니다: {image}";
    from_packages(image)
        "its base is {image}, made from Debian's packages"
        "Debian 패키지로 만든 이미지를 바탕으로 합니다: {image}";
    making(what, duration)
        "making {what}, once: {duration}"
        "{what} 이미지를 만드는 중입니다. 처음 한 번만 필요합니다: {duration}";
    made(what, seconds) "made {what} in {seconds} s" "{what} 이미지를 만들었습니다: {seconds}초";
    not_downloaded(reason)
        "it cannot be downloaded, so it is built here: {reason}"
        "받을 수 없어서 여기에서 빌드합니다: {reason}";
    the_sandbox() "the sandbox" "샌드박스";
    the_mirror() "the mirror of images" "이미지 미러";
    about_a_minute() "about a minute" "약 1분";
    about_20_seconds() "about 20 seconds" "약 20초";
    mirror_in_use()
        "pages of another run use the mirror: it stays as it is"
        "다른 실행이 미러를 사용하고 있어서 그대로 둡니다";
    starting_mirror() "starting the mirror of images" "이미지 미러를 시작하는 중입니다";
    mirror_source(address)
        "the mirror gets images from {address}"
        "미러가 이미지를 받는 곳: {address}";
    ready(seconds) "engine: ready after {seconds} s" "엔진: {seconds}초 만에 준비했습니다";
    step(text) "engine: {text}" "엔진: {text}";

    status_engine(engine) "engine     Docker Engine {engine}" "엔진       Docker Engine {engine}";
    status_ready() "sandbox    ready" "샌드박스   준비됨";
    status_not_ready()
        "sandbox    not made yet: `haechi engine up` makes it"
        "샌드박스   아직 없음: `haechi engine up`으로 만드십시오";
    status_no_mirror() "mirror     does not run" "미러       실행 중이 아님";
    status_published()
        "mirror     serves what was published to it"
        "미러       등록된 이미지만 제공함";
    status_mirror(address)
        "mirror     gets images from {address}"
        "미러       이미지를 받는 곳: {address}";
    status_sandboxes(count) "sandboxes  {count} now" "샌드박스   현재 {count}개";
    status_image(megabytes, name) "image      {megabytes} MB  {name}" "이미지     {megabytes} MB  {name}";
    status_kept(megabytes)
        "images that the mirror keeps: {megabytes} MB"
        "미러에 저장된 이미지: {megabytes} MB";
    removed(what) "removed {what}" "지웠습니다: {what}";
    container(name) "container {name}" "컨테이너 {name}";
    network(name) "network {name}" "네트워크 {name}";
    image(name) "image {name}" "이미지 {name}";
    volume(name) "volume {name}" "볼륨 {name}";
    nothing_to_remove()
        "nothing of haechi's is in the engine"
        "엔진에 haechi가 만든 것이 없습니다";
    engine_at(version, address) "{version} at {address}" "{version}, {address}";

    good() "ok" "정상";
    limited() "limited" "제한";
    bad() "bad" "오류";
    advice(text) "         what to do: {text}" "         할 일: {text}";
    not_described(reason)
        "the engine does not describe itself: {reason}"
        "엔진의 정보를 읽을 수 없습니다: {reason}";
    restart() "restart the engine" "엔진을 다시 시작하십시오";
    restart_and_log()
        "restart the engine; its own log says more"
        "엔진을 다시 시작하십시오. 자세한 내용은 엔진의 로그에 있습니다";
    mirror_not_running()
        "the mirror of images does not run"
        "이미지 미러가 실행 중이 아닙니다";
    up_makes_it()
        "`haechi engine up` makes it; so does the next `haechi verify`"
        "`haechi engine up`으로 만드십시오. 다음 `haechi verify`에서도 만들어집니다";
    version(version, address)
        "Docker Engine {version} at {address}"
        "Docker Engine {version}: {address}";
    image_there(image)
        "the sandbox's image is there: {image}"
        "샌드박스의 이미지가 있습니다: {image}";
    image_missing(image)
        "the sandbox's image is missing: {image}"
        "샌드박스의 이미지가 없습니다: {image}";
    hub_answers(address)
        "the mirror does not ask {address}, which answers"
        "미러가 응답하는 레지스트리를 사용하지 않습니다: {address}";
    up_lets_it()
        "`haechi engine up` lets it"
        "`haechi engine up`을 실행하면 사용합니다";
    hub_out_of_reach(address)
        "the engine's machine does not reach {address}"
        "엔진이 있는 컴퓨터에서 연결할 수 없습니다: {address}";
    only_published()
        "pages can use only images that were published to the mirror: give the machine a way to it, or name a registry that it reaches with HAECHI_HUB"
        "페이지에서 미러에 등록된 이미지만 쓸 수 있습니다. 연결할 수 있게 하거나, 연결할 수 있는 레지스트리를 HAECHI_HUB에 지정하십시오";
    only_kept()
        "pages can use only images that the mirror has already: give the machine a way to it"
        "페이지에서 미러에 이미 있는 이미지만 쓸 수 있습니다. 연결할 수 있게 하십시오";
    mirror_serves_published()
        "the mirror serves what was published to it"
        "미러가 등록된 이미지를 제공합니다";
    starts(version)
        "a sandbox starts; the Docker Engine in it is {version}"
        "샌드박스가 시작됩니다. 그 안의 Docker Engine 버전: {version}";
    not_allowed()
        "your user may not use the socket: `sudo usermod -aG docker $USER`, then log in again"
        "소켓을 사용할 권한이 없습니다. `sudo usermod -aG docker $USER`를 실행한 다음 다시 로그인하십시오";
    install()
        "install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST"
        "Docker를 설치해서(https://docs.docker.com/engine/install/) 시작하거나 DOCKER_HOST를 지정하십시오";
    start()
        "start Docker (`sudo systemctl start docker`, or Docker Desktop), or set DOCKER_HOST to an engine that answers"
        "Docker를 시작하거나(`sudo systemctl start docker` 또는 Docker Desktop), 응답하는 엔진을 DOCKER_HOST에 지정하십시오";
    rootless() "the engine is rootless" "rootless 엔진입니다";
    rootless_help()
        "a sandbox mounts file systems, which a rootless engine does not let it: set DOCKER_HOST to an engine that runs as root"
        "rootless 엔진에서는 샌드박스가 파일 시스템을 마운트할 수 없습니다. root로 실행하는 엔진을 DOCKER_HOST에 지정하십시오";
    userns()
        "the engine maps its users (userns-remap)"
        "사용자를 다시 매핑하는 엔진입니다 (userns-remap)";
    userns_help()
        "a sandbox makes its own user namespace, which such an engine does not let it: take userns-remap out of /etc/docker/daemon.json and restart Docker, or set DOCKER_HOST to another engine"
        "이런 엔진에서는 샌드박스가 사용자 네임스페이스를 만들 수 없습니다. /etc/docker/daemon.json에서 userns-remap을 지우고 Docker를 다시 시작하거나, 다른 엔진을 DOCKER_HOST에 지정하십시오";
    cgroups(version)
        "control groups of version {version} limit memory and processes"
        "cgroup v{version}에서 메모리와 프로세스를 제한합니다";
    no_cgroups(version, missing)
        "control groups of version {version} do not limit {missing}"
        "cgroup v{version}에서 제한할 수 없는 자원이 있습니다: {missing}";
    no_cgroups_help()
        "a page may use all of the machine: enable the kernel's memory and pids controllers (on a Raspberry Pi: cgroup_enable=memory in /boot/firmware/cmdline.txt), then restart"
        "페이지가 컴퓨터의 자원을 모두 쓸 수 있습니다. 커널의 memory와 pids 컨트롤러를 켜고 다시 시작하십시오 (Raspberry Pi: /boot/firmware/cmdline.txt의 cgroup_enable=memory)";
    memory() "memory" "메모리";
    processes() "processes" "프로세스";
    little_disk(free)
        "only {free} MiB are free on the engine's disk"
        "엔진의 디스크에 남은 공간이 {free} MiB뿐입니다";
    little_disk_help()
        "`docker system df` shows what takes the space; `haechi engine down --all` frees what is haechi's"
        "`docker system df`로 사용량을 확인하십시오. `haechi engine down --all`은 haechi가 쓰는 공간을 비웁니다";
    disk(free)
        "{free} GiB are free on the engine's disk"
        "엔진의 디스크에 {free} GiB가 남아 있습니다";
    unknown_disk()
        "how much is free on the engine's disk is not known"
        "엔진의 디스크에 남은 공간을 알 수 없습니다";
    unknown_disk_help()
        "`docker logs haechi-mirror` may say why the mirror does not answer"
        "`docker logs haechi-mirror`에서 미러가 응답하지 않는 원인을 확인하십시오";
    does_not_start(reason)
        "a sandbox does not start: {reason}"
        "샌드박스가 시작되지 않습니다: {reason}";
    no_loop_help()
        "load the kernel's module for loop devices on the engine's machine (`modprobe loop`), or do without a limit of the disk: --disk 0"
        "엔진이 있는 컴퓨터에서 커널 모듈을 불러오거나(`modprobe loop`), 디스크 제한 없이 실행하십시오: --disk 0";
    engine_log()
        "the engine's own log says more (`journalctl -u docker`, or Docker Desktop's)"
        "엔진의 로그를 확인하십시오 (`journalctl -u docker` 또는 Docker Desktop의 로그)";
    no_namespaces()
        "the kernel has no user namespaces: `sudo sysctl user.max_user_namespaces=15000`"
        "커널에서 사용자 네임스페이스를 쓸 수 없습니다: `sudo sysctl user.max_user_namespaces=15000`";
    apparmor()
        "AppArmor restricts user namespaces: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
        "AppArmor가 사용자 네임스페이스를 제한합니다: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`";
    kernel_refuses()
        "the kernel refuses a user namespace: is the engine itself in a container, or in a user namespace of its own?"
        "커널이 사용자 네임스페이스를 거부합니다. 엔진이 컨테이너나 다른 사용자 네임스페이스 안에서 실행 중인지 확인하십시오";
}
