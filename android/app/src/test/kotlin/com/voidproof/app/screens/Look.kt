package com.voidproof.app.screens

import com.voidproof.app.Counter
import com.voidproof.app.Scene
import com.voidproof.app.visit
import com.voidproof.gateway.Language
import org.robolectric.RuntimeEnvironment

/** How the device and its user have it. */
enum class Look(val qualifiers: String, val font: Float, val language: Language) {
    CHINESE("", 1f, Language.ZH),
    DARK("+night", 1f, Language.EN),

    /** The smallest old terminal, and large type. */
    SMALL("w320dp-h480dp-xhdpi", 1.3f, Language.ZH),
    SMALL_ENGLISH("w320dp-h480dp-xhdpi", 1.3f, Language.EN),

    /** A tablet on the counter, lying. */
    TABLET("w1280dp-h800dp-land-mdpi", 1f, Language.EN),
    LARGE_TYPE("", 1.3f, Language.EN),
    ;

    fun visit(scene: Scene): Counter {
        if (qualifiers.isNotEmpty()) RuntimeEnvironment.setQualifiers(qualifiers)
        RuntimeEnvironment.setFontScale(font)
        return visit(scene, language)
    }
}
