package com.voidproof.app.device.print.usb

import com.voidproof.app.device.print.escpos.Link
import com.voidproof.app.device.print.escpos.Port
import java.io.Closeable
import java.io.IOException

/** The bulk endpoints of a USB printer. Counts are of bytes; negative: it failed, took too long, or was pulled out. */
interface UsbPipe : Closeable {
    /** Milliseconds for [limit]. */
    fun send(bytes: ByteArray, from: Int, count: Int, limit: Int): Int

    fun receive(into: ByteArray, limit: Int): Int
}

/** [open]: null when no printer is plugged in; throws `NotAllowed` when the person refused it. */
class UsbPort(private val open: () -> UsbPipe?) : Port {
    override fun open(): Link = UsbLink(open.invoke() ?: throw IOException("no printer on USB"))
}

private class UsbLink(private val pipe: UsbPipe) : Link {
    private val heard = ByteArray(PACKET)
    private var next = 0
    private var end = 0

    override fun write(bytes: ByteArray) {
        var done = 0
        while (done < bytes.size) {
            val sent = pipe.send(bytes, done, minOf(ROOM, bytes.size - done), LIMIT)
            if (sent <= 0) throw IOException("the printer stopped taking bytes after $done")
            done += sent
        }
    }

    override fun read(limit: Int): Int? {
        if (next == end) {
            next = 0
            end = pipe.receive(heard, limit).coerceAtLeast(0)
        }
        return if (next < end) heard[next++].toInt() and 0xFF else null
    }

    override fun close() = pipe.close()

    private companion object {
        /** Below the 16 KiB of Androids before 9. */
        const val ROOM = 4_096
        const val PACKET = 512

        /** Milliseconds until a printer that takes nothing counts as stopped. */
        const val LIMIT = 5_000
    }
}
