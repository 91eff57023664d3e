namespace IlgpuDca.Loader;

/// <summary>A model whose files are streams.</summary>
sealed class StreamModelSource(string name, Func<string, Stream?> open) : ModelSource
{
    public override string Name => name;

    public override bool Has(string file)
    {
        using Stream? stream = open(file);
        return stream is not null;
    }

    public override FileBytes Open(string file) =>
        FileBytes.From(NameOf(file), open(file)
            ?? throw new ModelFormatException(NameOf(file), "there is no such file. Fix: add it to the model."));
}
