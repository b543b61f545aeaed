package com.voidproof.app.device

import com.voidproof.app.device.camera.Frames
import com.voidproof.app.device.camera.LumaPlane
import com.voidproof.app.device.camera.Sighted
import com.voidproof.gateway.Secret
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.ByteBuffer

class FramesTest {
    private val frames = Frames()

    private fun plane(bytes: ByteArray, width: Int, height: Int, stride: Int) = LumaPlane(ByteBuffer.wrap(bytes), width, height, stride)

    @Test
    fun `padded rows come with their stride, the last one may end with its last pixel`() {
        val padded = byteArrayOf(1, 2, 9, 3, 4)
        val frame = frames.take(plane(padded, width = 2, height = 2, stride = 3))!!
        assertEquals(listOf(1, 2, 3, 4), listOf(frame.luminance[0], frame.luminance[1], frame.luminance[3], frame.luminance[4]).map(Byte::toInt))
        assertEquals(listOf(2, 2, 3), listOf(frame.width, frame.height, frame.stride))
    }

    @Test
    fun `what is too short, empty or narrower than its rows is no picture`() {
        assertNull(frames.take(plane(ByteArray(4), width = 2, height = 2, stride = 3)))
        assertNull(frames.take(plane(ByteArray(9), width = 4, height = 2, stride = 3)))
        assertNull(frames.take(plane(ByteArray(0), width = 0, height = 0, stride = 0)))
        assertNull(frames.take(plane(ByteArray(64), width = 1, height = Int.MAX_VALUE, stride = Int.MAX_VALUE)))
        assertNotNull("and none of them keeps the next one out", frames.take(plane(ByteArray(4), 2, 2, 2)))
    }

    @Test
    fun `one picture at a time, and nothing waits`() {
        assertNotNull(frames.take(plane(byteArrayOf(1), 1, 1, 1)))
        assertNull(frames.take(plane(byteArrayOf(2), 1, 1, 1)))
        frames.done()
        assertEquals(3, frames.take(plane(byteArrayOf(3), 1, 1, 1))!!.luminance[0].toInt())
    }

    @Test
    fun `nothing of a picture is left`() {
        val frame = frames.take(plane(byteArrayOf(1, 2, 3, 4), 2, 2, 2))!!
        frames.wipe()
        assertTrue(frame.luminance.all { it == 0.toByte() })
    }
}

class SightedTest {
    private val sighted = Sighted()

    private fun isNew(code: String, at: Long) = Secret(code).use { sighted.isNew(it, at) }

    @Test
    fun `a code that stays in sight is told once`() {
        assertTrue(isNew("1", 0))
        assertEquals(0, (1L..300).count { isNew("1", it * 33) })
    }

    @Test
    fun `shown again after it was gone it is told again, and another at once`() {
        assertTrue(isNew("1", 0))
        assertTrue(isNew("2", 33))
        assertFalse(isNew("1", 66))
        assertTrue(isNew("1", 2_066))
    }

    @Test
    fun `one of several is not taken because the next picture shows it alone`() {
        sighted.several(0)
        assertFalse(isNew("1", 33))
        sighted.several(400)
        assertFalse(isNew("1", 1_000))
        assertTrue(isNew("1", 1_100))
    }
}
