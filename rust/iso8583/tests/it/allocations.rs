//! Counts allocations: decoding makes none, encoding one.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use pos_iso8583::{decode, encode};

use crate::support::frame_of;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count_one() {
    // A thread that is going away has no counter any more.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: every call is handed to the system allocator unchanged; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count_one();
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from the system allocator above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count_one();
        // SAFETY: the pointer came from the system allocator above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = COUNT.get();
    let result = work();
    (COUNT.get() - before, result)
}

#[test]
fn decoding_allocates_nothing_and_encoding_only_its_output() {
    assert_eq!(allocations(|| vec![1_u8, 2]).0, 1, "the counter counts");
    let bytes = frame_of("TV-H");
    let (count, frame) = allocations(|| decode(&bytes));
    assert_eq!(count, 0);
    let message = frame.unwrap().to_message();
    let (count, again) = allocations(|| encode(&message));
    assert_eq!(count, 1);
    assert_eq!(again.unwrap(), bytes);
}

#[test]
fn refusing_a_frame_allocates_nothing() {
    let mut bytes = frame_of("TV-H");
    let last = bytes.len() - 30;
    bytes[last] = 0xFF;
    bytes[24] = 0xFF;
    let (count, result) = allocations(|| decode(&bytes).is_err());
    assert!(result);
    assert_eq!(count, 0);
}
