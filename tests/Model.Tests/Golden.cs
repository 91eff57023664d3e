using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IlgpuDca.Model.Tests;

/// <summary>Reads reference values: a small safetensors file whose I32 tensors the loader has no use for.</summary>
sealed class Golden : IDisposable
{
    readonly byte[] _bytes;
    readonly JsonDocument _header;
    readonly int _dataStart;

    public Golden(string path)
    {
        _bytes = File.ReadAllBytes(path);
        int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(_bytes));
        _dataStart = sizeof(ulong) + length;
        _header = JsonDocument.Parse(_bytes.AsMemory(sizeof(ulong), length));
    }

    public int Number(string key) => int.Parse(_header.RootElement.GetProperty("__metadata__").GetProperty(key).GetString()!);

    public int[] Ids(string name) => MemoryMarshal.Cast<byte, int>(Data(name)).ToArray();

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Data(name)).ToArray();

    public void Dispose() => _header.Dispose();

    ReadOnlySpan<byte> Data(string name)
    {
        JsonElement offsets = _header.RootElement.GetProperty(name).GetProperty("data_offsets");
        return _bytes.AsSpan((_dataStart + offsets[0].GetInt32())..(_dataStart + offsets[1].GetInt32()));
    }
}
