package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.core.Effect
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.screens.start.PinTrouble
import com.voidproof.app.screens.start.SetUpMessage
import com.voidproof.app.screens.start.SetUpPresenter
import com.voidproof.app.screens.start.SetUpState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.Secret
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class SetUpPresenterTest {
    private val drive = Drive(SetUpPresenter(Language.ZH), FakeGateway())

    private fun save(pin: String, again: String = pin) = SetUpMessage.Save("王店长", Secret(pin), Secret(again))

    @Test
    fun `an error in the profile is shown with its place`() {
        drive.send(SetUpMessage.Read("schema = 2"))
        assertEquals("schema", ((drive.state as SetUpState.Profile).failure as Failure.ProfileInvalid).key)
    }

    @Test
    fun `a file is read only when it is tapped, once, and its trouble is told by name`() {
        val profiles = drive.devices.profiles
        profiles.files["good.toml"] = FileContent.Read("schema = 1".encodeToByteArray())
        profiles.files["bad.toml"] = FileContent.Read("schema = 2".encodeToByteArray())
        profiles.files["photo.txt"] = FileContent.Failed(FileTrouble.TOO_LARGE)
        val (good, bad, photo) = (drive.show().state as SetUpState.Profile).files
        assertEquals(emptyList<String>(), drive.gateway.commands)

        drive.send(SetUpMessage.Open(photo))
        assertEquals(FileTrouble.TOO_LARGE to "photo.txt", (drive.state as SetUpState.Profile).run { unread to chosen })
        drive.send(SetUpMessage.Open(bad))
        (drive.state as SetUpState.Profile).run {
            assertEquals("bad.toml", chosen)
            assertEquals(null, unread)
            assertEquals("schema", (failure as Failure.ProfileInvalid).key)
        }
        drive.gateway.commands.clear()
        drive.held = true
        drive.send(SetUpMessage.Open(good)).send(SetUpMessage.Open(good))
        drive.release()
        assertEquals(listOf("checkProfile"), drive.gateway.commands)
        assertTrue(drive.state is SetUpState.Supervisor)
    }

    @Test
    fun `a file that another app hands over stands in the list`() {
        drive.show()
        drive.devices.profiles.offer("content://mail/profile.toml")
        drive.show()
        assertEquals(listOf("content://mail/profile.toml"), (drive.state as SetUpState.Profile).files.map { it.name })
    }

    @Test
    fun `easy, short and different PINs are not taken`() {
        drive.send(SetUpMessage.Read("schema = 1"))
        val cases = mapOf(
            save("12345") to PinTrouble.TOO_SHORT,
            save("000000") to PinTrouble.TOO_EASY,
            save("123456") to PinTrouble.TOO_EASY,
            save("654321") to PinTrouble.TOO_EASY,
            save("246810", "246811") to PinTrouble.DIFFERENT,
        )
        cases.forEach { (message, trouble) -> assertEquals(trouble, (drive.send(message).state as SetUpState.Supervisor).trouble) }
        assertFalse("setUp" in drive.gateway.commands)
    }

    @Test
    fun `a good PIN sets up once and leads home`() {
        drive.send(SetUpMessage.Read("schema = 1"))
        drive.held = true
        drive.send(save("280519")).send(save("280519"))
        drive.release()
        assertEquals(listOf("checkProfile", "setUp"), drive.gateway.commands)
        assertEquals(Effect.Reset(), drive.wanted.last())
    }

    @Test
    fun `the profile's secrets do not show in words`() {
        drive.send(SetUpMessage.Read("schema = 1\ntmk = \"0123456789ABCDEF\""))
        assertTrue(drive.state is SetUpState.Supervisor)
        assertFalse("0123456789ABCDEF" in drive.state.toString())
    }

    @Test
    fun `back leads from the supervisor to the profile`() {
        drive.send(SetUpMessage.Read("schema = 1")).back()
        assertTrue(drive.state is SetUpState.Profile)
    }
}
