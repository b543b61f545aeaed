package com.voidproof.terminal

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.nio.ByteBuffer
import java.util.zip.CRC32
import java.util.zip.Deflater

internal class Picture(val number: Int, pixels: Pixels) {
    /** Made when it is asked for: most pictures are only counted. */
    val png: ByteArray by lazy(pixels::toPng)
}

/** The screen as numbered pictures; the number rises when a pixel changes. Nothing is drawn while nobody looks. */
internal class Pictures(private val hands: Hands) {
    private var shown = Pixels(0, 0, IntArray(0))
    private var latest = Picture(0, shown)

    /** The first picture with another number than [seen]; the same one again if nothing changes for [patience] milliseconds. */
    fun after(seen: Int, patience: Long): Picture {
        val deadline = System.nanoTime() + patience * NANOS
        while (true) {
            val picture = now()
            if (picture.number != seen || System.nanoTime() > deadline) return picture
            Thread.sleep(PAUSE)
        }
    }

    @Synchronized
    fun now(): Picture {
        val pixels = hands.picture()
        if (!pixels.argb.contentEquals(shown.argb)) {
            shown = pixels
            latest = Picture(latest.number + 1, pixels)
        }
        return latest
    }

    private companion object {
        const val PAUSE = 20L
        const val NANOS = 1_000_000
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
        var to = 0
        argb.forEachIndexed { i, pixel ->
            if (i % width == 0) lines[to++] = 0 // no filter
            lines[to++] = (pixel shr 16).toByte()
            lines[to++] = (pixel shr 8).toByte()
            lines[to++] = pixel.toByte()
        }
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
        const val BUFFER = 65_536
    }
}
