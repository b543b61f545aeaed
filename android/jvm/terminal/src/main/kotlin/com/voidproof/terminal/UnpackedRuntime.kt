package com.voidproof.terminal

import android.text.Hyphenator
import java.io.File
import java.util.Locale
import org.robolectric.nativeruntime.DefaultNativeRuntimeLoader

/**
 * Robolectric's drawing library, fonts and language data from the folder `terminal.runtime`, where the build unpacked them: Robolectric
 * itself unpacks 200 MB at each start. Without that folder it does so here too. For API levels 28 to 34.
 */
class UnpackedRuntime : DefaultNativeRuntimeLoader() {
    @Synchronized
    override fun ensureLoaded() {
        val folder = System.getProperty("terminal.runtime")?.let { File(it).absoluteFile }
        val library = folder?.resolve("native/linux/x86_64/${System.mapLibraryName("robolectric-nativeruntime")}")
        if (folder == null || library?.isFile != true) return super.ensureLoaded()
        if (loaded.getAndSet(true)) return
        System.setProperty("robolectric.nativeruntime.fontdir", "$folder/fonts/")
        System.setProperty("hyphen.data.dir", "$folder/hyphen-data")
        System.setProperty("icu.data.path", "$folder/icu/icudt68l.dat")
        System.setProperty("icu.locale.default", Locale.getDefault().toLanguageTag())
        System.load(library.path)
        Hyphenator.init()
    }
}
