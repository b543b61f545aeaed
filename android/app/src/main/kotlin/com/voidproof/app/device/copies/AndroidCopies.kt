package com.voidproof.app.device.copies

import android.content.Context
import android.net.Uri
import android.os.Environment
import com.voidproof.app.device.CopyVolume
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.SafetyCopies
import com.voidproof.gateway.CopyPlace
import java.io.File
import java.io.IOException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * The folder `Android/data/<app>/files/copies` on the memory card and on the shared storage: a computer at the USB port reads them, a card
 * goes into the next terminal, and neither needs a permission. Found are also copies in `files/import`, and those that [offered] names.
 */
class AndroidCopies(
    private val context: Context,
    private val offered: () -> List<FoundFile> = { emptyList() },
    private val files: CoroutineDispatcher = Dispatchers.IO,
) : SafetyCopies {
    private val kept by lazy { context.getSharedPreferences("copies", Context.MODE_PRIVATE) }

    override suspend fun volumes(): List<CopyVolume> = withContext(files) { here().keys.sortedByDescending(CopyVolume::removable) }

    override suspend fun chosen(): CopyVolume? = withContext(files) { saved() }

    override suspend fun choose(volume: CopyVolume) = withContext(files) {
        kept.edit().putString(VOLUME, volume.id).putBoolean(REMOVABLE, volume.removable).apply()
    }

    override suspend fun found(): List<FoundFile> = withContext(files) {
        val folders = here().values + listOfNotNull(context.getExternalFilesDir(IMPORT))
        val copies = folders.flatMap { folder -> folder.listFiles { file -> file.isFile && file.name.endsWith(ENDING) }.orEmpty().toList() }
        val shared = offered().filter { it.name.endsWith(ENDING) }
        shared + copies.sortedByDescending(File::lastModified).take(MOST).map { FoundFile(it.path, it.name, it.length()) }
    }

    override suspend fun bring(file: FoundFile): String? = withContext(files) {
        val place = Uri.parse(file.place)
        if (place.scheme == null) return@withContext file.place.takeIf { File(it).isFile }
        val brought = File(context.cacheDir, "brought$ENDING")
        try {
            val from = context.contentResolver.openInputStream(place) ?: return@withContext null
            from.use { stream -> brought.outputStream().use(stream::copyTo) }
            brought.path
        } catch (_: IOException) {
            null
        } catch (_: SecurityException) {
            null
        }
    }

    override val place: CopyPlace = FolderPlace { saved()?.let { here()[it] } }

    private fun saved(): CopyVolume? = kept.getString(VOLUME, null)?.let { CopyVolume(it, kept.getBoolean(REMOVABLE, false)) }

    /** Each volume that is there, with its folder. The name of a card is part of its path. */
    private fun here(): Map<CopyVolume, File> = context.getExternalFilesDirs(FOLDER).filterNotNull().filter {
        Environment.getExternalStorageState(it) == Environment.MEDIA_MOUNTED
    }.associateBy { CopyVolume(it.path.substringBefore("/Android/"), Environment.isExternalStorageRemovable(it)) }

    private companion object {
        const val FOLDER = "copies"
        const val IMPORT = "import"
        const val ENDING = ".voidcopy"
        const val VOLUME = "volume"
        const val REMOVABLE = "removable"
        const val MOST = 20
    }
}
