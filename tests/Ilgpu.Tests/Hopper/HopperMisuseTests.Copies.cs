using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Hopper;

/// <summary>Threads' own asynchronous copies.</summary>
public partial class HopperMisuseTests
{
    static void ReadsTheCopyTooEarly(TensorMap map, ArrayView<float> result)
    {
        ArrayView<Float4> shared = SharedMemory.GetDynamic<Float4>();
        shared[Group.IdxX] = new Float4(-1, -1, -1, -1);
        AsyncCopy.Copy(ref shared[Group.IdxX], ref result.Cast<Float4>()[0], 0);
        AsyncCopy.Commit();
        // One group may be on its way, and there is no other.
        AsyncCopy.Wait(1);
        result[Group.IdxX] = shared[Group.IdxX].X;
        AsyncCopy.Wait(0);
    }

    [Fact]
    public void ACopyThatNobodyWaitsFor() =>
        Fails(NoCopyWait, 32, "the thread ends before this copy was waited for", "thread (0, 0, 0)");

    static void NoCopyWait(TensorMap map, ArrayView<float> result)
    {
        Copy(result, Group.IdxX, 16);
        AsyncCopy.Commit();
        AsyncCopy.Wait(1);
    }

    [Fact]
    public void ACopyThatIsNotCommitted() => Fails(NoCopyCommit, 32, "the thread ends before this copy was waited for");

    static void NoCopyCommit(TensorMap map, ArrayView<float> result)
    {
        Copy(result, Group.IdxX, 16);
        AsyncCopy.Wait(0);
    }

    [Fact]
    public void AMisalignedCopy() =>
        Fails(CopiesToTheMiddle, 32, "an asynchronous copy to byte 8 of", "at a multiple of 16");

    static void CopiesToTheMiddle(TensorMap map, ArrayView<float> result)
    {
        ArrayView<Float4> middle = SharedMemory.GetDynamic<float>().SubView(2, 4).Cast<Float4>();
        AsyncCopy.Copy(ref middle[0], ref result.Cast<Float4>()[0], 16);
    }

    [Fact]
    public void ACopyOfTooManyBytes() => Fails(CopiesTooMuch, 32, "an asynchronous copy of 17 bytes");

    static void CopiesTooMuch(TensorMap map, ArrayView<float> result) => Copy(result, Group.IdxX, 17);

    static void Copy(ArrayView<float> source, int element, int bytes) =>
        AsyncCopy.Copy(ref SharedMemory.GetDynamic<Float4>()[element], ref source.Cast<Float4>()[element % 8], bytes);

    /// <summary>16 bytes.</summary>
    readonly record struct Float4(float X, float Y, float Z, float W);
}
