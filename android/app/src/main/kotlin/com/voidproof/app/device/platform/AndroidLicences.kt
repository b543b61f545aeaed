package com.voidproof.app.device.platform

import android.content.res.AssetManager
import com.voidproof.app.device.LicencePart
import com.voidproof.app.device.Licences
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject
import java.io.IOException

/** Reads `licences.json` out of the APK. */
class AndroidLicences(private val assets: AssetManager, private val files: CoroutineDispatcher) : Licences {
    override suspend fun read(): List<LicencePart>? = withContext(files) {
        try {
            parse(JSONObject(assets.open(FILE).use { it.readBytes().decodeToString() }))
        } catch (_: IOException) {
            null
        } catch (_: JSONException) {
            null
        }
    }

    private fun parse(list: JSONObject): List<LicencePart> {
        val texts = list.getJSONArray("texts")
        val parts = list.getJSONArray("parts")
        return (0 until parts.length()).map(parts::getJSONObject).map { part ->
            LicencePart(part.getString("name"), part.getString("version"), part.getString("licence"), join(part.getJSONArray("texts"), texts))
        }
    }

    private fun join(places: JSONArray, texts: JSONArray) =
        (0 until places.length()).joinToString("\n\n") { texts.getString(places.getInt(it)).trim() }

    private companion object {
        const val FILE = "licences.json"
    }
}
