package com.voidproof.app.installed

import com.voidproof.app.device.camera.Frames
import com.voidproof.app.device.camera.LumaPlane
import java.nio.ByteBuffer
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Test

/** The core reads a payment code in pictures as a camera gives them: padded rows, uneven light, any way up. */
class CameraTest {
    private val terminal = Terminal("camera", PlainKeys).fresh()

    @After
    fun clean() {
        terminal.fresh()
    }

    @Test
    fun aCodeBeforeTheCameraIsReadAnyWayUp() = runBlocking {
        val gateway = terminal.gateway()
        val frames = Frames()
        for (turns in 0..3) {
            for (mirrored in listOf(false, true)) {
                val frame = frames.take(picture(turns, mirrored))!!
                val read = gateway.readFrame(frame).map { code -> code.use { it.reveal { digits -> String(digits) } } }
                assertEquals("$turns quarters, mirrored $mirrored", listOf(CODE), read)
                frames.done()
            }
        }
        gateway.close()
    }

    @Test
    fun aCounterWithoutACodeGivesNone() = runBlocking {
        val gateway = terminal.gateway()
        assertEquals(0, gateway.readFrame(Frames().take(picture(0, mirrored = false, shown = false))!!).size)
        gateway.close()
    }

    /** A phone held before a counter: light from the left, a grain, 64 bytes of padding behind each row but the last. */
    private fun picture(turns: Int, mirrored: Boolean, shown: Boolean = true): LumaPlane {
        val bytes = ByteArray(STRIDE * (HEIGHT - 1) + WIDTH)
        var grain = 1
        for (y in 0 until HEIGHT) {
            for (x in 0 until WIDTH) {
                grain = grain * 1_103_515_245 + 12_345
                val light = 150 - x * 60 / WIDTH + (grain ushr 16) % 16
                val paper = if (shown) module((x - LEFT).floorDiv(PIXELS), (y - TOP).floorDiv(PIXELS), turns, mirrored) else null
                bytes[y * STRIDE + x] = when (paper) {
                    null -> light / 2
                    true -> light / 5
                    false -> light
                }.toByte()
            }
        }
        return LumaPlane(ByteBuffer.wrap(bytes), WIDTH, HEIGHT, STRIDE)
    }

    /** Whether the module is dark; null: off the phone. */
    private fun module(x: Int, y: Int, turns: Int, mirrored: Boolean): Boolean? {
        val size = MODULES.size
        if (x !in -QUIET until size + QUIET || y !in -QUIET until size + QUIET) return null
        var place = (if (mirrored) size - 1 - x else x) to y
        repeat(turns) { place = place.second to size - 1 - place.first }
        return MODULES.getOrNull(place.second)?.getOrNull(place.first) == '#'
    }

    private companion object {
        const val WIDTH = 1280
        const val HEIGHT = 720
        const val STRIDE = WIDTH + 64
        const val LEFT = 500
        const val TOP = 200
        const val PIXELS = 12
        const val QUIET = 4
        const val CODE = "134567890123456789"

        /** [CODE] as another program than ours draws it. */
        val MODULES = listOf(
            "#######.#..#..#######",
            "#.....#.###.#.#.....#",
            "#.###.#.##.#..#.###.#",
            "#.###.#.##..#.#.###.#",
            "#.###.#.#.#...#.###.#",
            "#.....#..##...#.....#",
            "#######.#.#.#.#######",
            "........#..#.........",
            ".##.#.##...##.#.#####",
            ".#.#.#.#..#.#....####",
            "....#.####..#.###.###",
            ".#...#.#.###.#.#..##.",
            "#..#.######.#.##.##..",
            "........##.#..##..##.",
            "#######.##.......#...",
            "#.....#..#.#..##...#.",
            "#.###.#.##.##.##.#.##",
            "#.###.#..###.#...###.",
            "#.###.#.##.#.###....#",
            "#.....#.#..###.###...",
            "#######..###.###.##.#",
        )
    }
}
