package com.voidproof.app.device

import com.voidproof.gateway.CopyPlace

/** Folders outside the app for safety copies, and copies that lie where this terminal can read them. */
interface SafetyCopies {
    /** Where copies can be kept now; a card that was pulled is not among them. */
    suspend fun volumes(): List<CopyVolume>

    /** Null: nobody chose yet. It may be pulled. */
    suspend fun chosen(): CopyVolume?

    suspend fun choose(volume: CopyVolume)

    /** Newest first. */
    suspend fun found(): List<FoundFile>

    /** The path at which the core can read the copy; null: it is gone. */
    suspend fun bring(file: FoundFile): String?

    /** The chosen folder as the core writes to it. */
    val place: CopyPlace
}

/** [removable]: a card that can be put into another terminal. */
data class CopyVolume(val id: String, val removable: Boolean)
