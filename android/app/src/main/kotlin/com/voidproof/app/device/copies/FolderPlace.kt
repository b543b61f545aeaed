package com.voidproof.app.device.copies

import com.voidproof.gateway.CopyPlace
import com.voidproof.gateway.CopyPlace.Kind
import java.io.File
import java.io.FileOutputStream
import java.io.IOException

/** Writes copies into the folder that [folder] gives; null: it was pulled, or nobody chose one. */
class FolderPlace(private val folder: () -> File?) : CopyPlace {
    override fun put(name: String, file: File) {
        val into = here()
        val half = File(into, "$name.part")
        try {
            FileOutputStream(half).use { out ->
                file.inputStream().use { it.copyTo(out) }
                out.fd.sync()
            }
            if (!half.renameTo(File(into, name))) throw CopyPlace.Trouble(Kind.FAILED)
        } catch (_: IOException) {
            // Half a copy is of no use, and the folder may be full of it.
            val full = into.usableSpace < file.length()
            half.delete()
            throw CopyPlace.Trouble(why(into, full))
        }
    }

    override fun names(): List<String> = here().list().orEmpty().toList()

    override fun remove(name: String) {
        val file = File(here(), name)
        if (!file.delete() && file.exists()) throw CopyPlace.Trouble(Kind.DENIED)
    }

    private fun here(): File = folder()?.takeIf(File::isDirectory) ?: throw CopyPlace.Trouble(Kind.GONE)

    private fun why(into: File, full: Boolean) = when {
        !into.isDirectory -> Kind.GONE
        full -> Kind.FULL
        !into.canWrite() -> Kind.DENIED
        else -> Kind.FAILED
    }
}
