namespace ILGPU.Runtime;

/// <summary>What a leaf of an argument is on the host.</summary>
enum LeafKind
{
    /// <summary>Bytes of a primitive.</summary>
    Value,

    /// <summary>The address in a view.</summary>
    ViewPointer,

    /// <summary>The length in a view.</summary>
    ViewLength,
}
