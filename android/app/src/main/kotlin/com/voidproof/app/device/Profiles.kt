package com.voidproof.app.device

/** Profiles that were put where this app may read them: without a permission and without leaving the screen. */
interface ProfileFiles {
    /** Those handed over by another app first, then those in the folder, newest first. */
    suspend fun list(): List<FoundFile>

    suspend fun read(file: FoundFile): FileContent

    /** The file that a profile names, such as `keys/app.pem`: found by its last part, whatever folder the profile meant. */
    suspend fun beside(name: String): FileContent

    /** Another app handed over the file at [place]; nothing is read yet. */
    fun offer(place: String)
}

/** [place] is for [ProfileFiles.read] alone. [bytes] null: not told. */
data class FoundFile(val place: String, val name: String, val bytes: Long?)

sealed interface FileContent {
    /** May hold secrets: wiped by whoever asked. */
    class Read(val bytes: ByteArray) : FileContent

    data class Failed(val trouble: FileTrouble) : FileContent
}

enum class FileTrouble { GONE, TOO_LARGE }
