package com.voidproof.app

import android.graphics.Bitmap
import androidx.test.platform.app.InstrumentationRegistry
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import java.io.File

@RunWith(ParameterizedRobolectricTestRunner::class)
class ScenesTest(private val scene: String) {
    @Test
    fun look() {
        System.getProperty("shots.qualifiers")?.takeIf { it.isNotEmpty() }?.let { org.robolectric.RuntimeEnvironment.setQualifiers(it) }
        System.getProperty("shots.font")?.takeIf { it.isNotEmpty() }?.let { org.robolectric.RuntimeEnvironment.setFontScale(it.toFloat()) }
        visit(scene(scene), com.voidproof.gateway.Language.valueOf(System.getProperty("shots.lang", "ZH"))).use {
            val picture = InstrumentationRegistry.getInstrumentation().uiAutomation.takeScreenshot()
            val file = File("target/shots/" + (System.getProperty("shots.name") ?: "") + "/$scene.png").apply { parentFile.mkdirs() }
            file.outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
        }
    }

    companion object {
        @JvmStatic
        @ParameterizedRobolectricTestRunner.Parameters(name = "{0}")
        fun names() = SCENES.map { arrayOf<Any>(it.name) }
    }
}
