package com.voidproof.app.screens.more

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Settings
import com.voidproof.app.core.Step
import com.voidproof.app.core.Theme
import com.voidproof.gateway.Change
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.UpdateAnswer

data class MoreState(val terminal: Terminal? = null, val failure: Failure? = null, val leaving: Boolean = false)

sealed interface MoreMessage {
    data class Loaded(val terminal: Terminal) : MoreMessage

    data class Failed(val failure: Failure) : MoreMessage

    data class Open(val route: Route) : MoreMessage

    data object LogOff : MoreMessage

    data object LoggedOff : MoreMessage
}

class MorePresenter : Presenter<MoreState, MoreMessage>() {
    override val initial = MoreState()

    override fun shown(state: MoreState) = Step(state, Effect.Ask(MoreMessage::Failed) { MoreMessage.Loaded(gateway.terminal()) })

    override fun on(state: MoreState, message: MoreMessage): Step<MoreState, MoreMessage> = when (message) {
        is MoreMessage.Loaded -> Step(state.copy(terminal = message.terminal, failure = null))
        is MoreMessage.Failed -> Step(state.copy(failure = message.failure, leaving = false))
        is MoreMessage.Open -> Step(state, Effect.Go(message.route))
        MoreMessage.LogOff ->
            if (state.leaving) {
                Step(state)
            } else {
                Step(
                    state.copy(leaving = true),
                    Effect.Ask(MoreMessage::Failed) {
                        gateway.logOff()
                        MoreMessage.LoggedOff
                    },
                )
            }
        MoreMessage.LoggedOff -> Step(state, Effect.Root(Route.LogOn))
    }
}

data class LanguageState(val settings: Settings)

sealed interface LanguageMessage {
    data class Speak(val language: Language) : LanguageMessage

    data class Paint(val theme: Theme) : LanguageMessage
}

class LanguagePresenter(settings: Settings) : Presenter<LanguageState, LanguageMessage>() {
    override val initial = LanguageState(settings)

    override fun shown(state: LanguageState) = Step<LanguageState, LanguageMessage>(state)

    override fun heard(state: LanguageState, change: Change) = shown(state)

    override fun on(state: LanguageState, message: LanguageMessage): Step<LanguageState, LanguageMessage> {
        val next = when (message) {
            is LanguageMessage.Speak -> state.settings.copy(language = message.language)
            is LanguageMessage.Paint -> state.settings.copy(theme = message.theme)
        }
        return Step(LanguageState(next), Effect.Set { next })
    }
}

data class AboutState(val terminal: Terminal? = null, val update: UpdateAnswer? = null, val failure: Failure? = null)

sealed interface AboutMessage {
    data class Loaded(val terminal: Terminal, val update: UpdateAnswer) : AboutMessage

    data class Failed(val failure: Failure) : AboutMessage

    data object Check : AboutMessage

    data object Licences : AboutMessage
}

class AboutPresenter : Presenter<AboutState, AboutMessage>() {
    override val initial = AboutState()

    override fun shown(state: AboutState) = Step(state, Effect.Ask(AboutMessage::Failed) {
        AboutMessage.Loaded(gateway.terminal(), gateway.readyToUpdate())
    })

    override fun on(state: AboutState, message: AboutMessage): Step<AboutState, AboutMessage> = when (message) {
        is AboutMessage.Loaded -> Step(AboutState(message.terminal, message.update))
        is AboutMessage.Failed -> Step(state.copy(failure = message.failure))
        AboutMessage.Check -> Step(state, Effect.Go(Route.SelfCheck))
        AboutMessage.Licences -> Step(state, Effect.Go(Route.Licences))
    }
}

data class SelfCheckState(val items: List<CheckItem>? = null, val failure: Failure? = null)

sealed interface SelfCheckMessage {
    data class Loaded(val items: List<CheckItem>) : SelfCheckMessage

    data class Failed(val failure: Failure) : SelfCheckMessage

    data object Again : SelfCheckMessage
}

class SelfCheckPresenter : Presenter<SelfCheckState, SelfCheckMessage>() {
    override val initial = SelfCheckState()

    override fun shown(state: SelfCheckState) = Step(state, load())

    override fun heard(state: SelfCheckState, change: Change) = Step<SelfCheckState, SelfCheckMessage>(state)

    override fun on(state: SelfCheckState, message: SelfCheckMessage): Step<SelfCheckState, SelfCheckMessage> = when (message) {
        is SelfCheckMessage.Loaded -> Step(SelfCheckState(message.items))
        is SelfCheckMessage.Failed -> Step(state.copy(failure = message.failure))
        SelfCheckMessage.Again -> Step(SelfCheckState(), load())
    }

    private fun load() = Effect.Ask(SelfCheckMessage::Failed) { SelfCheckMessage.Loaded(gateway.selfCheck()) }
}
