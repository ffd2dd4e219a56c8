# make uninstall leaves no file, no directory of its own, and what is another's.
touch "$lib/of_another"
make -s -C "$checkout/ffi" uninstall PREFIX="$prefix"
make -s -C "$checkout/ffi" uninstall DESTDIR="$plain" PREFIX=/usr
make -s -C "$checkout/ffi" uninstall DESTDIR="$staged" prefix=/usr LIBDIR=/usr/lib/here INCLUDEDIR=/opt/include
same "the files that are left" "$(find "$prefix" "$staged" "$plain" ! -type d)" "$lib/of_another"
same "the directories that are left" "$(find "$prefix" "$staged" "$plain" -name '*tracebaton*')" ""
