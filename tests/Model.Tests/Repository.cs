using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Finds the repository's files.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string TinyModel => Path.Combine(Root, "models", "tiny");

    public static string Reference(string file) => Path.Combine(Root, "tests", "Model.Tests", "reference", file);

    public static string Fixture(string name) => Path.Combine(Root, "tests", "Model.Tests", "fixtures", name);

    /// <summary>A path under ../shared; skips the test, with the reason, where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        string path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"needs ../shared/{string.Join('/', parts)}, which is not there");
        return path;
    }

    static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IlgpuDca.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No IlgpuDca.sln above {AppContext.BaseDirectory}.");
    }
}
