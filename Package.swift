// swift-tools-version: 6.1
import PackageDescription

// Debug builds leave the C kernels at -O0, 12 to 16 times slower. Developers set ZEROSET_FAST_DEBUG=1 to compile
// them with -O2 there; the flag is "unsafe" to SwiftPM, so it must not be in the manifest that dependents see.
let kernelSettings: [CSetting] =
    Context.environment["ZEROSET_FAST_DEBUG"] == "1"
    ? [.unsafeFlags(["-O2"], .when(configuration: .debug))] : []

// Only the modules we call: linking all of OpenCV costs half a second at every start, imgcodecs a quarter.
let opencvModules = ["core", "imgproc", "features2d", "flann", "calib3d"]

let package = Package(
    name: "Zeroset",
    products: [
        .executable(name: "reconstruct", targets: ["reconstruct"]),
        .library(name: "Geometry", targets: ["Geometry"]),
        .library(name: "Mesh", targets: ["Mesh"]),
        .library(name: "Fields", targets: ["Fields"]),
        .library(name: "Slices", targets: ["Slices"]),
        .library(name: "Images", targets: ["Images"]),
        .library(name: "SfM", targets: ["SfM"]),
        .library(name: "CKernels", targets: ["CKernels"]),
        // For the packages in Benchmarks/ and tools/ only; no promise is made about it.
        .library(name: "TestSupport", targets: ["TestSupport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .target(name: "CKernels", cSettings: kernelSettings),
        // The symbolic link COpenCV/opencv4 leads to the system's headers: the one way to reach them that needs neither
        // unsafe flags nor a pkg-config file that links everything.
        .target(
            name: "COpenCV", exclude: ["opencv4"], cxxSettings: [.headerSearchPath("opencv4")],
            linkerSettings: opencvModules.map { .linkedLibrary("opencv_\($0)") }),
        .systemLibrary(name: "CEigen3System", pkgConfig: "eigen3", providers: [.apt(["libeigen3-dev"])]),
        .target(
            name: "CCeres", dependencies: ["CEigen3System"],
            linkerSettings: [.linkedLibrary("ceres"), .linkedLibrary("glog")]),
        .target(
            name: "CImage",
            linkerSettings: ["png16", "jpeg", "tiff", "exif"].map { .linkedLibrary($0) }),
        // Takes three.js from the system into the program, where it is installed.
        .target(name: "CThree"),
        .target(name: "CMeshOptimizer", linkerSettings: [.linkedLibrary("meshoptimizer")]),
        .target(name: "Geometry"),
        .target(name: "Storage"),
        .target(name: "Mesh", dependencies: ["Geometry", "Storage", "CMeshOptimizer"]),
        .target(name: "Fields", dependencies: ["Geometry", "Storage", "CKernels"]),
        .target(name: "Slices", dependencies: ["Geometry", "Storage", "Fields", "Mesh"]),
        .target(name: "Images", dependencies: ["CImage", "Storage"]),
        .target(
            name: "SfM",
            dependencies: [
                "Geometry", "Storage", "Images", "Fields", "Mesh", "CKernels", "COpenCV", "CCeres",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Report", dependencies: ["SfM", "Slices", "Mesh", "Images", "Geometry", "Storage", "CThree"],
            resources: [.embedInCode("Assets/page.css"), .embedInCode("Assets/viewer.js")]),
        .executableTarget(
            name: "reconstruct",
            dependencies: [
                "Report", "SfM", "Slices", "Fields", "Mesh", "Geometry", "Storage", "Images",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "FlyingFox", package: "FlyingFox"),
            ]),
        // What the documentation shows; compiled here, run by ExampleTests.
        .target(
            name: "Examples", dependencies: ["SfM", "Slices", "Fields", "Mesh", "Images", "Geometry"], path: "Examples"),
        .target(name: "TestSupport", dependencies: ["Geometry", "Images", "Mesh"]),
        .testTarget(name: "GeometryTests", dependencies: ["Geometry", "TestSupport"]),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
        .testTarget(name: "ImagesTests", dependencies: ["Images", "Geometry", "Storage", "TestSupport"]),
        .testTarget(
            name: "SfMTests",
            dependencies: [
                "SfM", "Images", "Fields", "Mesh", "Geometry", "Storage", "CKernels", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "ReportTests",
            dependencies: ["Report", "SfM", "Slices", "Mesh", "Geometry", "Storage", "TestSupport"]),
        .testTarget(name: "MeshTests", dependencies: ["Mesh", "TestSupport"]),
        .testTarget(name: "FieldsTests", dependencies: ["Fields", "CKernels", "TestSupport"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["reconstruct", "SfM", "Mesh", "Geometry", "Storage", "TestSupport"]),
        .testTarget(
            name: "SlicesTests", dependencies: ["Slices", "Fields", "Mesh", "Geometry", "Storage", "TestSupport"]),
        .testTarget(
            name: "ExampleTests",
            dependencies: ["Examples", "SfM", "Slices", "Mesh", "Images", "Geometry", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
