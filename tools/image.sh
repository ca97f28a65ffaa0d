# shellcheck shell=sh
# ./dev image: a disk with Debian 13 and Inos from which a machine starts (docs/image.md). Sourced by ./dev.

image_help() {
  cat <<'HELP'
Usage: ./dev image [OPTION…]

Makes a disk with Debian 13 and Inos of this checkout, from which a machine with UEFI or an emulated one starts.

  --desktop              with the desktop and its greeter (where nothing is said)
  --node                 without: the node as a service of the system
  --format raw|qcow2     raw can be written to a disk, qcow2 is for QEMU (raw where nothing is said)
  --declaration FILE     a TOML file that says what is in it, and how the machine sets itself up when it
                         starts for the first time; docs/examples/image.toml has all of it
  --user NAME            an account, an administrator's, where the declaration names none
  --password-file FILE   its password is the first line of FILE; else it is asked for on the terminal
  --packages FOLDER      take Inos from the Debian packages there, not from this checkout
  --output FILE          where to put it; build/image/NAME.FORMAT where nothing is said
  --help                 this text

Where no declaration names anybody, somebody is asked for on the terminal: there is no default password.
It goes on where it was interrupted. What the same declaration makes of the same commit has the same files.
HELP
}

# Its files as they are, root's and others': the tools are the Debian root's, or this machine's.
image_tools() {
  as_root bwrap --die-with-parent --unshare-net --tmpfs / \
    --ro-bind "$programs/usr" /usr --ro-bind "$programs/etc" /etc --ro-bind "$programs/var" /var \
    --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
    --dev-bind /dev /dev --proc /proc --tmpfs /run --perms 1777 --tmpfs /tmp --perms 1777 --tmpfs /var/tmp \
    --bind "$top" "$top" --chdir "$top" --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv LC_ALL C.UTF-8 \
    --setenv HOME /tmp ${epoch:+--setenv SOURCE_DATE_EPOCH "$epoch"} ${TERM:+--setenv TERM "$TERM"} "$@"
}

# Runs its arguments in the Debian that becomes the image, with the packages of Inos in /mnt.
image_inside() {
  as_root bwrap --die-with-parent --unshare-net --unshare-pid --bind "$work/tree/@" / --dev /dev --proc /proc \
    --ro-bind /sys /sys --tmpfs /run --perms 1777 --tmpfs /tmp --ro-bind "$work/debs" /mnt --ro-bind "$top/tools/image/setup.sh" /run/setup.sh \
    --chdir / --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv LC_ALL C.UTF-8 --setenv HOME /root \
    --setenv SOURCE_DATE_EPOCH "$epoch" "$@"
}

# image_step N WHAT: says what is done now, and how long all has taken so far.
image_step() { say "[$1/5] $2 ($(($(date +%s) - started)) s)"; }

# need_space FOLDER GIB: dies early where a disk is full.
need_space() {
  free=$(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') / 1048576))
  [ "$free" -ge "$2" ] || die "this takes $2 GiB, and $1 has $free GiB left." "./dev clean --all makes room."
}

image_options() {
  kind_wanted='' format_wanted='' declared='' user='' password_file='' packages='' output=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) image_help; exit 0 ;;
      --desktop | --node)
        [ -z "$kind_wanted" ] || [ "$kind_wanted" = "${1#--}" ] || die "an image is either --desktop or --node"
        kind_wanted=${1#--} ;;
      --format | --declaration | --user | --password-file | --packages | --output)
        [ $# -ge 2 ] || die "$1 wants something behind it; see ./dev image --help"
        case $1 in
          --format) case $2 in raw | qcow2) format_wanted=$2 ;; *) die "--format is raw or qcow2, not '$2'" ;; esac ;;
          --declaration) declared=$2 ;;
          --user) user=$2 ;;
          --password-file) password_file=$2 ;;
          --packages) packages=$2 ;;
          --output) output=$2 ;;
        esac
        shift ;;
      *) die "image has no option '$1'; see ./dev image --help" ;;
    esac
    shift
  done
  for file in "$declared" "$password_file"; do
    [ -z "$file" ] || [ -f "$file" ] || die "there is no file '$file'"
  done
  [ -z "$password_file" ] || [ -n "$user" ] || die "--password-file goes with --user"
  [ -z "$packages" ] || [ -d "$packages" ] || die "there is no folder '$packages'"
}

# Reads the declaration: sets $image_kind and the others, and writes what the machine is to read.
image_plan() {
  [ -z "$declared" ] || cp "$declared" "$work/declaration.toml"
  tty=no
  { [ ! -t 0 ] || [ ! -t 2 ]; } || tty=yes
  values=$(image_tools python3 -B "$top/tools/image/plan.py" "$work/first-boot.toml" \
    ${declared:+"declaration=$work/declaration.toml" "shown=$declared"} ${kind_wanted:+"kind=$kind_wanted"} \
    ${format_wanted:+"format=$format_wanted"} ${user:+"user=$user"} ${password_file:+password=yes} "tty=$tty" <"${password_file:-/dev/stdin}") || exit 1
  image_size='' image_extra='' image_mirror='' image_locale='' image_kind='' image_format='' image_name=''
  eval "$values"
  output=${output:-$image/$image_name.$image_format}
  [ -d "$(dirname -- "$output")" ] || die "there is no folder for $output"
}

# The packages of Inos, in $work/debs, made where this checkout's are not there yet: those of what git has, but
# for folders of which nothing comes into a package.
image_packages() {
  image_step 1 "packages of Inos"
  if [ -z "$packages" ]; then
    commit=$(git -C "$top" stash create)
    packages=$image/packages-$(git -C "$top" ls-tree "${commit:-HEAD}" |
      grep -vE '	(docs|tests|tools|dev|[A-Z]+\.md|packages\.list|\.ci|\.gitignore)$' | sha256sum | cut -c1-16)
    if [ ! -d "$packages" ]; then
      "$top/dev" deb >/dev/null || exit 1
      rm -rf "$image"/packages-*
      mkdir "$packages.partial"
      cp "$top"/build/deb/*.deb "$packages.partial"
      mv "$packages.partial" "$packages"
    fi
  fi
  wanted='inos-common inos-node inosctl'
  [ "$image_kind" = node ] || wanted="$wanted inos-desktop"
  mkdir "$work/debs"
  for name in $wanted; do
    cp "$packages/$name"_*.deb "$work/debs" 2>/dev/null || die "$packages has no package $name"
  done
  [ "$(find "$work/debs" -name '*.deb' | wc -l)" = "$(echo "$wanted" | wc -w)" ] ||
    die "$packages has a package of Inos in several versions"
}

# What Debian has to have: what each list names, what Inos depends on, and what the desktop recommends.
image_needs() {
  package_names "$top/tools/image/machine.list"
  package_names "$top/tools/image/$image_kind.list"
  for deb in "$work/debs"/*.deb; do
    dpkg-deb -f "$deb" Depends
    case $deb in */inos-desktop_*) echo ,; dpkg-deb -f "$deb" Recommends ;; esac
  done | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/:.*//; s/[[:space:]]//g; /^inos/d; /^$/d'
  printf '%s\n' "$image_extra" | tr ' ' '\n' | sed '/^$/d'
}

# Debian without Inos as a tar archive in the user's cache, $debian, once a week for each list of packages.
image_debian() {
  image_step 2 "Debian 13"
  needs=$(image_needs | sort -u)
  debian=$cache/image-$({ printf '%s\n' "$needs" "$image_mirror"; cat "$top/tools/image/drivers"; } | sha256sum | cut -c1-16).tar
  exec 7>"$cache/image-lock"
  flock 7
  [ -n "$image_mirror" ] || find "$cache" -maxdepth 1 -name 'image-*.tar' -mtime +7 -delete
  [ -f "$debian" ] || make_debian
  exec 7>&-
}

make_debian() {
  need_space "$cache" 4
  # Only what the RAM disk needs is in it; Debian's kernel makes it when it is installed.
  rm -f "$work/made"
  # shellcheck disable=SC2016 # mmdebstrap's own variable
  { SOURCE_DATE_EPOCH=$debian_epoch mmdebstrap --variant=apt --include="$(printf '%s' "$needs" | paste -sd,)" \
    --dpkgopt=force-unsafe-io --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/etc/initramfs-tools/hooks" &&
      printf "MODULES=list\nCOMPRESS=zstd\nRESUME=none\n" >"$1/etc/initramfs-tools/conf.d/inos"' \
    --essential-hook="copy-in '$top/tools/image/drivers' /etc/initramfs-tools/hooks" \
    $suite "$debian.partial.tar" ${image_mirror:+"$image_mirror"} && : >"$work/made"; } 2>&1 |
    tee "$image/debian.log" | sed -un 's/^I: /  /p' >&2
  [ -f "$work/made" ] || {
    rm -f "$debian.partial.tar"
    unknown=$(sed -n "s/^E: Unable to locate package //p; s/^E: Package '\(.*\)' has no installation candidate$/\1/p" \
      "$image/debian.log" | paste -sd' ')
    [ -z "$unknown" ] ||
      die "Debian 13 has no package of this name: $unknown" "It is named by ${declared:+image.packages of $declared, or }a list in tools/image."
    grep '^E: ' "$image/debian.log" | head -n 5 >&2 || true
    die "mmdebstrap failed; all of it: ${image#"$top"/}/debian.log"
  }
  mv "$debian.partial.tar" "$debian"
}

# A UUID that is the same for the same words.
image_uuid() {
  printf '%s\n' "$@" | sha256sum |
    sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-a\4-\5/'
}

# Copies the image's own files into the tree: as root's, with modes and times that are not the checkout's. Folders that
# Debian has stay as they are.
image_own_files() {
  # One archive for each: of a folder that comes a second time tar forgets how it was.
  for files in all "$image_kind"; do
    tar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$epoch" \
      -C "$top/tools/image/files/$files" -c -f "$work/files.tar" . &&
      as_root tar -C "$work/tree/@" -x --no-overwrite-dir -f "$work/files.tar" || return 1
  done
  as_root install -m 644 "$top/tools/image/declaration.py" "$top/tools/image/first_boot.py" "$work/tree/@/usr/lib/inos-image"
}

# Debian with Inos, as a btrfs file system and what belongs on the EFI system partition, in $system.
image_system() {
  image_step 3 "Inos in it"
  system_key=$({ basename "$debian"; printf '%s\n' "$image_kind" "$image_locale" "$image_size" "$epoch"
    cat "$work/debs"/*.deb "$top/tools/image.sh"; find "$top/tools/image" -type f ! -name '*.pyc' | LC_ALL=C sort | xargs cat; } |
    sha256sum | cut -c1-16)
  system=$image/system-$image_kind-$system_key
  root_uuid=$(image_uuid root "$system_key") esp_uuid=$(image_uuid esp "$system_key")
  [ ! -d "$system" ] || return 0
  need_space "$image" 8
  as_root rm -rf "$image/system-$image_kind"-*
  mkdir -p "$work/tree/@" "$work/system"
  as_root tar -C "$work/tree/@" -x --xattrs --xattrs-include='*' --exclude='./dev/*' -f "$debian" || die "could not unpack $debian"
  image_own_files || die "could not copy the files of tools/image"
  image_inside sh /run/setup.sh "$image_kind" "$image_locale" "$root_uuid" "$esp_uuid" >"$image/system.log" 2>&1 ||
    { tail -n 40 "$image/system.log" >&2; die "could not set the system up; all of it: ${image#"$top"/}/system.log"; }
  image_step 4 "file system"
  image_files >"$image/system.log" 2>&1 ||
    { tail -n 40 "$image/system.log" >&2; die "could not make the file system; all of it: ${image#"$top"/}/system.log"; }
  mv "$work/system" "$system"
}

# In mebibytes: the file system, which has room for a day's work before it grows on a larger disk.
image_files() {
  as_root cp -R "$work/tree/@/efi" "$work/system/esp" && as_root find "$work/tree/@/efi" -mindepth 1 -delete &&
    as_root cp "$work/tree/@/usr/lib/inos-image/packages" "$work/system/packages" || return 1
  mkdir -p "$work/tree/@home" "$work/tree/@snapshots"
  used=$(as_root du -sm --apparent-size "$work/tree" | cut -f1)
  mib=$((used + used / 4 + 1024))
  [ -z "$image_size" ] || mib=$((image_size / 1048576 - esp_mib - 4))
  [ "$mib" -gt $((used + used / 8)) ] || { echo "image.size is too small: there are $used MiB to hold" >&2; return 1; }
  as_root find "$work/tree" -newermt "@$epoch" -exec touch --no-dereference --date="@$epoch" {} + || return 1
  truncate -s "${mib}M" "$work/system/root.btrfs"
  image_tools mkfs.btrfs -q -L inos -U "$root_uuid" --rootdir "$work/tree" --subvol default:@ --subvol @home \
    --subvol @snapshots --compress zstd:3 "$work/system/root.btrfs" || return 1
  as_root rm -rf "$work/tree"
}

# The disk: an EFI system partition with the machine's declaration, and the file system.
image_disk() {
  image_step 5 "the disk"
  as_root cp -R "$system/esp" "$work/esp"
  as_root mkdir "$work/esp/inos"
  as_root cp "$work/first-boot.toml" "$work/esp/inos/first-boot.toml"
  as_root find "$work/esp" -exec touch --date="@$epoch" {} +
  mkdir "$work/repart.d"
  printf '%s\n' '[Partition]' Type=esp Label=efi "UUID=$esp_uuid" Format=vfat CopyFiles=/esp:/ \
    "SizeMinBytes=${esp_mib}M" "SizeMaxBytes=${esp_mib}M" >"$work/repart.d/10-esp.conf"
  bytes=$(stat -c %s "$system/root.btrfs")
  printf '%s\n' '[Partition]' Type=root Label=inos "UUID=$(image_uuid partition "$system_key")" \
    "SizeMinBytes=$bytes" "SizeMaxBytes=$bytes" >"$work/repart.d/20-root.conf"
  image_tools systemd-repart --sector-size=512 --empty=create --size=auto --offline=yes --dry-run=no --seed="$root_uuid" \
    --definitions="$work/repart.d" --copy-source="$work" --json=short "$work/disk.raw" >"$work/disk.json" 2>"$image/disk.log" ||
    { tail -n 20 "$image/disk.log" >&2; die "systemd-repart failed; all of it: ${image#"$top"/}/disk.log"; }
  # Not by systemd-repart's CopyBlocks=, which writes out what is empty.
  offset=$(image_tools python3 -c 'import json, sys; print(json.load(sys.stdin)[1]["offset"])' <"$work/disk.json")
  dd if="$system/root.btrfs" of="$work/disk.raw" bs=1M oflag=seek_bytes seek="$offset" conv=sparse,notrunc status=none ||
    die "could not write the disk"
  [ "$image_format" = raw ] || image_tools qemu-img convert -O qcow2 "$work/disk.raw" "$work/disk.qcow2"
  as_root chown 0:0 "$work/disk.$image_format"
  as_root chmod 600 "$work/disk.$image_format"
  mv "$work/disk.$image_format" "$output" || die "could not write $output"
  cp "$system/packages" "$output.packages"
}

# ./dev image. Runs outside the Debian root, for that is where mmdebstrap works.
make_image() {
  # What the image has of this user's own is not to have this user's modes.
  umask 022
  image_options "$@"
  image=$top/build/image work=$top/build/image/work
  # Of what is in Debian no file is newer; the image's own have the time of the commit.
  debian_epoch=1767225600 esp_mib=256 epoch=''
  mkdir -p "$image"
  programs=$root
  if here_has_everything; then programs=''; else prepare_root; fi
  need_root_tools
  exec 8>"$image/lock"
  flock -n 8 || die "another ./dev image is at work in $image"
  debian=''
  trap 'as_root rm -rf "$work" "$image"/*.partial ${debian:+"$debian.partial.tar"}' EXIT
  trap 'exit 130' INT TERM HUP
  as_root rm -rf "$work"
  # A password's hash and an invitation are in it; and in the image, which its user alone may read.
  mkdir -m 700 "$work"
  image_plan
  epoch=$(git -C "$top" log -1 --format=%ct 2>/dev/null || echo "$debian_epoch")
  image_packages
  image_debian
  image_system
  image_disk
  say "$output: $(($(stat -c %b "$output") / 2048)) MiB, in $(($(date +%s) - started)) s"
  printf '%s\n' "$output"
}

# ./dev test --image, outside the Debian root: the images that tests/boot starts.
make_test_images() {
  mkdir -p "$top/build/boot"
  for kind in desktop node; do
    "$top/dev" image --declaration "$top/tests/boot/$kind.toml" --output "$top/build/boot/$kind.raw" >/dev/null || exit 1
  done
}

# The tests of tests/boot, which take the images away again. Runs in the Debian root.
boot_tests() {
  results=$top/build/boot/results
  rm -rf "$results"
  mkdir -p "$results"
  say "machines that start from images; their screens and logs are in build/boot"
  INOS_MACHINES=$top/build/boot python3 -m pytest -q -p no:cacheprovider -o junit_suite_name=boot \
    --junitxml="$results/boot.xml" "$top/tests/boot" >&2 || true
  rm -f "$top"/build/boot/*.raw "$top"/build/boot/*.qcow2 "$top"/build/boot/*.fd
  python3 "$top/tools/summary.py" "$results"
}
