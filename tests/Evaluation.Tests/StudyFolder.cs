namespace IlgpuDca.Evaluation.Tests;

/// <summary>A folder of a test's own that goes when the test does.</summary>
sealed class StudyFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-study-");

    public string Write(string name, string content)
    {
        string path = PathOf(name);
        File.WriteAllText(path, content);
        return path;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
