//! An allocator that wipes what is freed, so that no buffer that carried a PIN or a card number
//! over the boundary stays behind in memory.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};

use zeroize::Zeroize;

struct Wiping<A>(A);

// SAFETY: all memory comes from and goes back to the allocator inside, with the layout given.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiping<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the trait's contract.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the trait's contract.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    // Growing goes by the trait's own `realloc`: allocate, copy, and this, so the old place is
    // wiped too.
    unsafe fn dealloc(&self, freed: *mut u8, layout: Layout) {
        // SAFETY: the block is still the caller's, and `layout.size()` bytes long.
        unsafe {
            std::slice::from_raw_parts_mut(freed, layout.size()).zeroize();
            self.0.dealloc(freed, layout);
        }
    }
}

#[global_allocator]
static WIPING: Wiping<System> = Wiping(System);

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts the bytes that come back and are not wiped.
    #[derive(Default)]
    struct Looking {
        freed: AtomicUsize,
        left: AtomicUsize,
    }

    // SAFETY: as the system's own.
    unsafe impl GlobalAlloc for Looking {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller keeps the trait's contract.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, freed: *mut u8, layout: Layout) {
            // SAFETY: the block is still the caller's, and `layout.size()` bytes long.
            let bytes = unsafe { std::slice::from_raw_parts(freed, layout.size()) };
            let left = bytes.iter().filter(|byte| **byte != 0).count();
            self.left.fetch_add(left, Ordering::SeqCst);
            self.freed.fetch_add(layout.size(), Ordering::SeqCst);
            // SAFETY: the caller keeps the trait's contract.
            unsafe { System.dealloc(freed, layout) }
        }
    }

    #[test]
    fn i11_freed_memory_is_wiped_also_when_a_buffer_grows() {
        let wiping = Wiping(Looking::default());
        let layout = Layout::array::<u8>(64).unwrap();
        // SAFETY: each block is written within its size and given back once, with its layout.
        unsafe {
            let block = wiping.alloc(layout);
            block.write_bytes(b'7', 64);
            let grown = wiping.realloc(block, layout, 128);
            assert_eq!(grown.add(63).read(), b'7');
            grown.write_bytes(b'7', 128);
            wiping.dealloc(grown, Layout::array::<u8>(128).unwrap());
        }
        assert_eq!(wiping.0.freed.load(Ordering::SeqCst), 64 + 128);
        assert_eq!(wiping.0.left.load(Ordering::SeqCst), 0);
    }
}
