namespace IlgpuDca.Loader.Tests;

/// <summary>A model that is one file, in memory.</summary>
sealed class MemoryModelFile(string file, byte[] bytes, params (string File, byte[] Bytes)[] beside) : ModelSource
{
    public override string Name => NameOf(file);

    public override string? ModelFile => file;

    public override string NameOf(string name) => $"memory/{name}";

    public override bool Has(string name) => name == file || beside.Any(other => other.File == name);

    public override FileBytes Open(string name) =>
        FileBytes.From(NameOf(name), name == file ? bytes : beside.First(other => other.File == name).Bytes);
}
