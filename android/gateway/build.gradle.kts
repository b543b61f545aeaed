import javax.inject.Inject
import org.gradle.process.ExecOperations

plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "com.voidproof.gateway"
    compileSdk = libs.versions.compileSdk.get().toInt()

    defaultConfig {
        minSdk = libs.versions.minSdk.get().toInt()
        consumerProguardFiles("../app/proguard-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
    sourceSets {
        getByName("main").kotlin.directories.add("src/main/kotlin")
        getByName("test").kotlin.directories.addAll(listOf("src/test/kotlin", "src/fake/kotlin"))
    }
}

dependencies {
    api(libs.coroutines)
    implementation(libs.jna) { artifact { type = "aar" } }
    testImplementation(libs.junit)
    testImplementation(libs.jna)
}

/** The core as a shared library for each kind of processor, by cargo-ndk. */
abstract class CargoNdk : DefaultTask() {
    @get:InputFiles
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val sources: ConfigurableFileCollection

    @get:Input
    abstract val abis: ListProperty<String>

    @get:Input
    abstract val minSdk: Property<Int>

    @get:Internal
    abstract val root: DirectoryProperty

    @get:OutputDirectory
    abstract val libraries: DirectoryProperty

    @get:Inject
    abstract val exec: ExecOperations

    @TaskAction
    fun build() {
        val out = libraries.get().asFile
        out.deleteRecursively()
        val targets = abis.get().flatMap { listOf("--target", it) }
        exec.exec {
            workingDir = root.get().asFile
            // Apart from the build without the NDK, which has another compiler.
            environment("CARGO_TARGET_DIR", File(root.get().asFile, "target/ndk").path)
            commandLine(
                listOf("cargo", "ndk") + targets +
                    listOf("--platform", minSdk.get().toString(), "--output-dir", out.path) +
                    listOf("build", "--locked", "--package", "pos-ffi", "--lib", "--profile", "android"),
            )
        }
    }
}

/** Kotlin for the core, read out of one of those libraries, which still has its symbols. */
abstract class Bindings : DefaultTask() {
    @get:InputDirectory
    @get:PathSensitive(PathSensitivity.RELATIVE)
    abstract val libraries: DirectoryProperty

    @get:InputFile
    @get:PathSensitive(PathSensitivity.NONE)
    abstract val config: RegularFileProperty

    @get:Internal
    abstract val root: DirectoryProperty

    @get:OutputDirectory
    abstract val kotlin: DirectoryProperty

    @get:Inject
    abstract val exec: ExecOperations

    @TaskAction
    fun generate() {
        val out = kotlin.get().asFile
        out.deleteRecursively()
        val library = libraries.get().file("arm64-v8a/libpos_ffi.so").asFile
        exec.exec {
            workingDir = root.get().asFile
            commandLine(
                listOf("cargo", "run", "--locked", "--quiet", "--profile", "bindgen", "--package", "pos-bindgen", "--") +
                    listOf("generate", library.path, "--language", "kotlin", "--no-format") +
                    listOf("--config", config.get().asFile.path, "--out-dir", out.path),
            )
        }
    }
}

val core = files(rootDir.resolve("Cargo.toml"), rootDir.resolve("Cargo.lock")) +
    fileTree(rootDir.resolve("rust")) { include("*/Cargo.toml", "*/build.rs", "*/src/**", "*/data/**", "*/migrations/**") }

androidComponents {
    onVariants { variant ->
        val name = variant.name.replaceFirstChar(Char::uppercaseChar)
        val phones = listOf("arm64-v8a", "armeabi-v7a")
        val cargo = tasks.register<CargoNdk>("cargoNdk$name") {
            sources.from(core)
            root.set(rootDir)
            minSdk.set(libs.versions.minSdk.get().toInt())
            abis.set(if (variant.buildType == "release") phones else phones + "x86_64")
        }
        val bindings = tasks.register<Bindings>("bindings$name") {
            libraries.set(cargo.flatMap(CargoNdk::libraries))
            config.set(rootDir.resolve("uniffi.toml"))
            root.set(rootDir)
        }
        variant.sources.jniLibs?.addGeneratedSourceDirectory(cargo, CargoNdk::libraries)
        variant.sources.kotlin?.addGeneratedSourceDirectory(bindings, Bindings::kotlin)
    }
}
