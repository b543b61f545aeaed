//! Android's libraries, by name, made of some glibc: what lets a process of that glibc load the
//! core as it was built for Android.

use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::native::make_folder_of;
use super::stamp::Stamps;

const SOURCE: &str = "android/native/glibc-shim.c";

/// Makes them into `folder` by a compiler for the process's processor; `libc.so` is for
/// `LD_PRELOAD`. `name` is that of the stamp.
pub fn make(
    repo: &Repo,
    stamps: &Stamps,
    name: &str,
    folder: &Path,
    compiler: impl Fn() -> Tool,
) -> Result<PathBuf, Stop> {
    let source = repo.path(SOURCE);
    let link = |name: &str, define: &str, real: &str| {
        compiler()
            .args([
                "-O1", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", define,
            ])
            .args([&format!("-Wl,-soname,{name}.so,--no-as-needed"), "-o"])
            .path(folder.join(format!("{name}.so")))
            .path(&source)
            .args([&format!("-l:{real}")])
            .pass()
    };
    stamps.once(name, "", &[&source], &[folder], || {
        remove(folder)?;
        make_folder_of(&folder.join("libc.so"))?;
        link("libc", "-DSHIM_C", "libc.so.6")?;
        link("liblog", "-DSHIM_LOG", "libc.so.6")?;
        link("libm", "-DSHIM_NOTHING", "libm.so.6")?;
        link("libdl", "-DSHIM_NOTHING", "libdl.so.2")
    })?;
    Ok(folder.to_path_buf())
}
