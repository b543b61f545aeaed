package com.voidproof.app.screens

import com.voidproof.app.SCENES
import com.voidproof.app.scene
import com.voidproof.app.visit
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.annotation.Config

/** Android 7 knows every call that a screen makes. */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(sdk = [24])
class OldestAndroidTest(private val scene: String) {
    @Test
    fun `shows the screen`() = visit(scene(scene)).use { counter -> assertTrue(counter.texts().size > 1) }

    companion object {
        @JvmStatic
        @ParameterizedRobolectricTestRunner.Parameters(name = "{0}")
        fun names() = SCENES.map { arrayOf<Any>(it.name) }
    }
}
