package com.voidproof.app.screens

import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.Rect
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/** A comparison that cannot fail proves nothing. */
@RunWith(RobolectricTestRunner::class)
class DifferenceTest {
    private fun white() = Bitmap.createBitmap(10, 10, Bitmap.Config.ARGB_8888).apply { eraseColor(Color.WHITE) }

    @Test
    fun `one pixel is enough`() {
        val changed = white().apply {
            setPixel(3, 4, Color.rgb(255, 255, 254))
            setPixel(7, 8, Color.BLACK)
        }
        val difference = Difference.of(white(), changed)!!
        assertEquals(2, difference.pixels)
        assertEquals(Rect(3, 4, 8, 9), difference.box)
        assertEquals(Color.RED, difference.picture.getPixel(3, 4))
    }

    @Test
    fun `the same is the same`() = assertNull(Difference.of(white(), white()))
}
