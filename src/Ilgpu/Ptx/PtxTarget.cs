using System.Globalization;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>What PTX is printed for: the ISA version (8.0 is 80) and the architecture, such as sm_90a.</summary>
public sealed record PtxTarget(int Version, string Architecture)
{
    /// <summary>The oldest that is supported: sm_80, PTX 8.0 (CUDA 12.0).</summary>
    public static readonly PtxTarget Minimum = new(80, "sm_80");

    /// <summary>The header's first lines.</summary>
    public string Header => string.Create(CultureInfo.InvariantCulture,
        $".version {Version / 10}.{Version % 10}\n.target {Architecture}\n.address_size 64\n");
}
