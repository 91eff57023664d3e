using System.Diagnostics;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Reading a file of the disk beside its mapping.</summary>
public sealed class FileBytesTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void WhatIsReadIsWhatIsMapped()
    {
        byte[] bytes = new byte[10_007];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_path, bytes);
        using FileBytes file = FileBytes.Map(_path);
        byte[] read = new byte[4_099];
        file.Read(5_003, read);
        Assert.Equal(bytes[5_003..9_102], read);
        Assert.Equal(file.Span(5_003, read.Length).ToArray(), read);
    }

    /// <summary>Out of a mapping the same would end the process.</summary>
    [Fact]
    public void AFileThatBecameShorterIsASentence()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only here another program may shorten a file that is open");
        File.WriteAllBytes(_path, new byte[10_000]);
        using FileBytes file = FileBytes.Map(_path);
        using (Process truncate = Process.Start("truncate", ["-s", "6000", _path]))
            truncate.WaitForExit();
        ModelFormatException refused = Assert.Throws<ModelFormatException>(() => file.Read(5_000, new byte[2_000]));
        Assert.Contains("ends at byte 6000, but had 10000", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsReadAfterDispose()
    {
        File.WriteAllBytes(_path, new byte[100]);
        FileBytes file = FileBytes.Map(_path);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read(0, new byte[10]));
    }
}
