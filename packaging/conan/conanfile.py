"""The C library for Conan 2: conan create . --version VERSION"""

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy, get, rm, rmdir


class TracebatonConan(ConanFile):
    name = "tracebaton"
    description = "Reads and writes W3C traceparent, tracestate and baggage in Kafka record headers"
    license = "MIT OR Apache-2.0"
    url = homepage = "https://github.com/tracebaton/tracebaton"
    topics = ("kafka", "tracing", "traceparent", "baggage")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    def configure(self):
        # A library in C, with a header-only part in C++.
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")

    def validate(self):
        if self.settings.os not in ("Linux", "FreeBSD"):
            raise ConanInvalidConfiguration("make installs tracebaton on ELF systems only: use cargo-c, see ffi/README.md")

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def _make(self, target):
        self.run(f'make -C ffi {target} RDKAFKA=no PREFIX=/ INCLUDEDIR=/include LIBDIR=/lib DESTDIR="{self.package_folder}"')

    def build(self):
        self._make("all")

    def package(self):
        self._make("install")
        copy(self, "LICENSE-*", self.source_folder, os.path.join(self.package_folder, "licenses"))
        rm(self, "*.a" if self.options.shared else "*.so*", os.path.join(self.package_folder, "lib"))
        for folder in ("lib/cmake", "lib/pkgconfig", "share"):
            rmdir(self, os.path.join(self.package_folder, folder))

    def package_info(self):
        self.cpp_info.libs = ["tracebaton"]
        self.cpp_info.set_property("cmake_file_name", "tracebaton")
        self.cpp_info.set_property("cmake_target_name", "tracebaton::tracebaton")
        self.cpp_info.set_property("pkg_config_name", "tracebaton")
