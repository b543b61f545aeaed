package com.voidproof.app.device.print.escpos

import java.io.Closeable
import java.io.IOException

/** A way to one printer. */
fun interface Port {
    /**
     * For a thread that may wait.
     *
     * @throws NotAllowed when the person did not allow it
     * @throws IOException when no printer is there
     */
    fun open(): Link
}

/** An open way to a printer, for a thread that may wait. Closing it from another thread ends the wait. */
interface Link : Closeable {
    /** Whether the printer's answers come back this way; where not, it is asked nothing. */
    val answers: Boolean get() = true

    /** Returns when all was taken. */
    @Throws(IOException::class)
    fun write(bytes: ByteArray)

    /** The next byte from the printer; null: none came within [limit] milliseconds. */
    @Throws(IOException::class)
    fun read(limit: Int): Int?

    /** After the last byte, before [close]: so that it is not lost on the way. */
    @Throws(IOException::class)
    fun finish() = Unit
}

/** [pinned]: nobody could be asked, as the app is pinned to the screen. */
class NotAllowed(val pinned: Boolean = false) : IOException("not allowed")
