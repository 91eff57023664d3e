namespace ILGPU.Runtime;

/// <summary>One scalar of an argument.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Bytes from the argument's start to the scalar, or to its view's storage.</param>
/// <param name="Size">Bytes of the scalar, or of one element of the view.</param>
readonly record struct ArgumentLeaf(LeafKind Kind, int Offset, int Size);
