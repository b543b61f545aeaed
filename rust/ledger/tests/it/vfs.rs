//! A layer between SQLite and the disk: it counts syncs and makes a disk full, read-only or
//! broken. It is the default for this whole test program and passes on everything about folders
//! that nobody watches.
#![allow(
    unsafe_code,
    reason = "SQLite's own interface for this is a table of C functions"
)]

use std::collections::HashMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, Once, PoisonError};

use rusqlite::ffi;

/// What a sync made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synced {
    /// Frames of the write-ahead log: a commit.
    Commit,
    /// The log's header alone, once for each time the log begins anew.
    LogBegun,
    /// The log, with nothing new in it, before it is copied into the database.
    CheckpointLog,
    /// The database after that.
    CheckpointDatabase,
    /// Any other file, such as a journal.
    Other,
}

/// What the disk does to a watched folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    #[default]
    None,
    /// Nothing more can be written.
    Full,
    /// Files may only be read, and none may be made.
    ReadOnly,
    /// A sync fails.
    BrokenSync,
}

#[derive(Default)]
struct Folder {
    trouble: Trouble,
    syncs: Vec<Synced>,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Database,
    Log,
    Other,
}

struct OpenFile {
    folder: PathBuf,
    part: Part,
    real: &'static ffi::sqlite3_io_methods,
    /// Written since the last sync: the log's header, and anything else.
    header: bool,
    frames: bool,
}

#[derive(Default)]
struct State {
    folders: HashMap<PathBuf, Folder>,
    /// By the address of SQLite's file object.
    files: HashMap<usize, OpenFile>,
}

static STATE: LazyLock<Mutex<State>> = LazyLock::new(Mutex::default);

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder whose files are watched until this is dropped.
pub struct Watched(PathBuf);

impl Watched {
    pub fn new(folder: &Path) -> Self {
        register();
        state().folders.insert(folder.to_owned(), Folder::default());
        Self(folder.to_owned())
    }

    pub fn set(&self, trouble: Trouble) {
        state().folders.get_mut(&self.0).unwrap().trouble = trouble;
    }

    /// The syncs since the last call, in order.
    pub fn take_syncs(&self) -> Vec<Synced> {
        std::mem::take(&mut state().folders.get_mut(&self.0).unwrap().syncs)
    }

    /// Whether anything written to the log is not yet durable.
    pub fn has_unsynced_log(&self) -> bool {
        let state = state();
        let mut ours = state.files.values().filter(|file| file.folder == self.0);
        ours.any(|file| file.part == Part::Log && (file.header || file.frames))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        state().folders.remove(&self.0);
    }
}

/// SQLite's own layer, which does the work.
fn real_vfs() -> *mut ffi::sqlite3_vfs {
    struct Pointer(*mut ffi::sqlite3_vfs);
    // SAFETY: SQLite never frees or moves its own layer.
    unsafe impl Send for Pointer {}
    unsafe impl Sync for Pointer {}
    static REAL: LazyLock<Pointer> = LazyLock::new(|| {
        // SAFETY: a null name asks for the default layer, which exists on every platform.
        Pointer(unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) })
    });
    REAL.0
}

fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the copy has the real layer's functions and data; it lives for ever.
        let mut layer = Box::new(unsafe { *real_vfs() });
        layer.zName = c"watching".as_ptr();
        layer.pNext = std::ptr::null_mut();
        layer.xOpen = Some(open);
        // SAFETY: the layer is leaked, so it outlives every connection.
        let done = unsafe { ffi::sqlite3_vfs_register(Box::leak(layer), 1) };
        assert_eq!(done, ffi::SQLITE_OK);
    });
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let path = path_of(name);
    let folder = path.as_deref().and_then(Path::parent).map(Path::to_owned);
    let trouble = folder
        .as_ref()
        .and_then(|folder| state().folders.get(folder).map(|folder| folder.trouble));
    let flags = match trouble {
        Some(Trouble::ReadOnly) => {
            let writing = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE;
            (flags & !writing) | ffi::SQLITE_OPEN_READONLY
        }
        _ => flags,
    };
    // SAFETY: the arguments are SQLite's own; only the flags differ.
    let done = unsafe { (*real_vfs()).xOpen.unwrap()(vfs, name, file, flags, out) };
    let (Some(folder), true) = (folder, done == ffi::SQLITE_OK && trouble.is_some()) else {
        return done;
    };
    // SAFETY: an open file has its table of functions, which is static.
    let real: &'static ffi::sqlite3_io_methods = unsafe { &*(*file).pMethods };
    let ours = ffi::sqlite3_io_methods {
        xClose: Some(close),
        xWrite: Some(write),
        xSync: Some(sync),
        ..*real
    };
    // SAFETY: the file object is ours to fill in; the table is leaked, so it outlives the file.
    unsafe { (*file).pMethods = Box::leak(Box::new(ours)) };
    let part = match path.as_deref().and_then(Path::extension) {
        Some(end) if end == "db" => Part::Database,
        Some(end) if end == "db-wal" => Part::Log,
        _ => Part::Other,
    };
    let opened = OpenFile {
        folder,
        part,
        real,
        header: false,
        frames: false,
    };
    state().files.insert(file as usize, opened);
    done
}

fn path_of(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's file names end with a zero byte.
    let name = unsafe { CStr::from_ptr(name) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// The real functions of a file, and the trouble of its folder.
fn real_of(file: *mut ffi::sqlite3_file) -> (&'static ffi::sqlite3_io_methods, Trouble) {
    let state = state();
    let open = &state.files[&(file as usize)];
    let trouble = state.folders.get(&open.folder).map(|folder| folder.trouble);
    (open.real, trouble.unwrap_or_default())
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let (real, _) = real_of(file);
    state().files.remove(&(file as usize));
    // SAFETY: the real function gets the object that it opened.
    unsafe { real.xClose.unwrap()(file) }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    let (real, trouble) = real_of(file);
    if trouble == Trouble::Full {
        return ffi::SQLITE_FULL;
    }
    if let Some(open) = state().files.get_mut(&(file as usize)) {
        let header = at == 0 && length == 32;
        open.header |= header;
        open.frames |= !header;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { real.xWrite.unwrap()(file, bytes, length, at) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let (real, trouble) = real_of(file);
    if trouble == Trouble::BrokenSync {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    note_sync(file as usize);
    // SAFETY: the arguments are SQLite's own.
    unsafe { real.xSync.unwrap()(file, flags) }
}

fn note_sync(file: usize) {
    let mut state = state();
    let State { folders, files } = &mut *state;
    let Some(open) = files.get_mut(&file) else {
        return;
    };
    let synced = match (open.part, open.frames, open.header) {
        (Part::Log, true, _) => Synced::Commit,
        (Part::Log, false, true) => Synced::LogBegun,
        (Part::Log, false, false) => Synced::CheckpointLog,
        (Part::Database, ..) => Synced::CheckpointDatabase,
        (Part::Other, ..) => Synced::Other,
    };
    (open.header, open.frames) = (false, false);
    if let Some(folder) = folders.get_mut(&open.folder) {
        folder.syncs.push(synced);
    }
}
