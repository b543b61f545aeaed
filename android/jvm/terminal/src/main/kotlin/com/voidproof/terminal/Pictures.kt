package com.voidproof.terminal

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.nio.ByteBuffer
import java.util.Arrays
import java.util.concurrent.FutureTask
import java.util.zip.CRC32
import java.util.zip.Deflater

internal class Picture(val number: Int, pixels: Pixels) {
    private val made = FutureTask(pixels::toPng)

    /** Made when it is first asked for: most pictures are only counted. */
    val png: ByteArray get() = made.also(FutureTask<ByteArray>::run).get()
}

/** The screen as numbered pictures; the number rises when a pixel changes. Nothing is drawn while nobody looks or nothing changes. */
internal class Pictures(private val hands: Hands) {
    private var shown = Pixels(0, 0, IntArray(0))

    @Volatile private var latest = Picture(0, shown)

    /** When the latest one was drawn, and until when pictures are drawn without being told of a change: in [System.nanoTime]. */
    @Volatile private var drawn = 0L

    @Volatile private var restless = 0L

    /** The first picture with another number than [seen]; the same one again if nothing changes for [patience] milliseconds. */
    fun after(seen: Int, patience: Long): Picture {
        val deadline = System.nanoTime() + patience * MILLISECOND
        while (true) {
            val picture = soon()
            if (picture.number != seen || System.nanoTime() > deadline) return picture
            Thread.sleep(PAUSE)
        }
    }

    /** The latest picture, drawn again only if the screen may have changed. */
    private fun soon(): Picture {
        val since = System.nanoTime() - drawn
        if (since < FRAME) return latest
        if (hands.changed()) restless = System.nanoTime() + EBB
        return if (System.nanoTime() < restless || since > RARELY) now() else latest
    }

    @Synchronized
    fun now(): Picture {
        val pixels = hands.picture()
        drawn = System.nanoTime()
        if (!pixels.argb.contentEquals(shown.argb)) {
            shown = pixels
            latest = Picture(latest.number + 1, pixels)
        }
        return latest
    }

    private companion object {
        const val PAUSE = 16L
        const val MILLISECOND = 1_000_000L

        /** A picture is not drawn anew before this. */
        const val FRAME = 33 * MILLISECOND

        /** The renderer moves ripples and shadows on its own, and tells nobody; they take no longer than this. */
        const val EBB = 700 * MILLISECOND

        /** Should a change have been told to nobody at all. */
        const val RARELY = 1000 * MILLISECOND
    }
}

internal class Pixels(private val width: Int, private val height: Int, val argb: IntArray) {
    /** PNG in true colour without alpha, compressed for speed: several times faster than the platform's own encoder. */
    fun toPng(): ByteArray {
        val out = ByteArrayOutputStream(argb.size / 8)
        val data = DataOutputStream(out)
        data.writeLong(SIGNATURE)
        data.chunk("IHDR", ByteBuffer.allocate(HEADER).putInt(width).putInt(height).put(byteArrayOf(BITS, RGB, 0, 0, 0)).array())
        data.chunk("IDAT", packed())
        data.chunk("IEND", ByteArray(0))
        return out.toByteArray()
    }

    private fun packed(): ByteArray {
        val lines = ByteArray((3 * width + 1) * height)
        for (y in 0 until height) pack(y, lines)
        val deflater = Deflater(Deflater.BEST_SPEED)
        try {
            deflater.setInput(lines)
            deflater.finish()
            val packed = ByteArrayOutputStream(lines.size / 16)
            val buffer = ByteArray(BUFFER)
            while (!deflater.finished()) packed.write(buffer, 0, deflater.deflate(buffer))
            return packed.toByteArray()
        } finally {
            deflater.end()
        }
    }

    /** A line like the one above it is zeros after the filter "up"; others stand as they are. */
    private fun pack(y: Int, lines: ByteArray) {
        val from = y * width
        var to = (3 * width + 1) * y
        if (y > 0 && Arrays.equals(argb, from, from + width, argb, from - width, from)) {
            lines[to] = UP
            return
        }
        to++
        for (i in from until from + width) {
            val pixel = argb[i]
            lines[to] = (pixel shr 16).toByte()
            lines[to + 1] = (pixel shr 8).toByte()
            lines[to + 2] = pixel.toByte()
            to += 3
        }
    }

    private fun DataOutputStream.chunk(type: String, body: ByteArray) {
        val name = type.toByteArray(Charsets.US_ASCII)
        val crc = CRC32()
        crc.update(name)
        crc.update(body)
        writeInt(body.size)
        write(name)
        write(body)
        writeInt(crc.value.toInt())
    }

    private companion object {
        const val SIGNATURE = -0x76afb1b8f2f5e5f6L // 89 50 4E 47 0D 0A 1A 0A
        const val HEADER = 13
        const val BITS: Byte = 8
        const val RGB: Byte = 2
        const val UP: Byte = 2
        const val BUFFER = 65_536
    }
}
