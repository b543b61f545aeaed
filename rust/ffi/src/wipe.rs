//! An allocator that wipes what is freed, so that no buffer that carried a PIN or a card number
//! over the boundary stays behind in memory.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};

use zeroize::Zeroize;

struct Wiping;

// SAFETY: all memory comes from and goes back to the system's allocator with the layout given.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the trait's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the trait's contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    // Growing goes by the trait's own `realloc`: allocate, copy, and this, so the old place is
    // wiped too.
    unsafe fn dealloc(&self, freed: *mut u8, layout: Layout) {
        // SAFETY: the block is still the caller's, and `layout.size()` bytes long.
        unsafe {
            std::slice::from_raw_parts_mut(freed, layout.size()).zeroize();
            System.dealloc(freed, layout);
        }
    }
}

#[global_allocator]
static WIPING: Wiping = Wiping;
