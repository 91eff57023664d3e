using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Frontend;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Frontend;

/// <summary>What kernels can't do is refused by id, with the place and a fix.</summary>
public class RefusalTests
{
    static int s_counter;
    static readonly string[] Names = ["a"];

    class Node
    {
        public int Value;

        public virtual int Get() => Value;
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
    struct Overlaid
    {
        [System.Runtime.InteropServices.FieldOffset(0)]
        public int A;
        [System.Runtime.InteropServices.FieldOffset(0)]
        public float B;
    }

    struct Holder
    {
        public ArrayView<int> View = default;

        public Holder()
        {
        }
    }

    static readonly Holder[] Holders = [default];

    static int Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

    static bool IsEven(int n) => n == 0 || IsOdd(n - 1);

    static bool IsOdd(int n) => n != 0 && IsEven(n - 1);

    static void CallsItself(ArrayView<int> r) => r[0] = Factorial(r[1]);

    static void CallsItselfThroughAnother(ArrayView<int> r) => r[0] = IsEven(r[1]) ? 1 : 0;

    static void NewClass(ArrayView<int> r) => r[0] = new Node { Value = r[1] }.Value;

    static void NewArray(ArrayView<int> r)
    {
        int[] array = new int[r[0]];
        r[0] = array[1];
    }

    static void ReadsString(ArrayView<int> r) => r[0] = Names[0].Length;

    static void Boxes(ArrayView<int> r)
    {
        object boxed = r[0];
        r[0] = (int)boxed;
    }

    static void Throws(ArrayView<int> r)
    {
        if (r[0] < 0)
            throw new InvalidOperationException();
        r[0] = 1;
    }

    static void Catches(ArrayView<int> r)
    {
        try
        {
            r[0] = 1;
        }
        finally
        {
            r[1] = 2;
        }
    }

    static void CallsVirtually(ArrayView<int> r)
    {
        Node? node = null;
        r[0] = node!.Get();
    }

    static void CallsDelegate(ArrayView<int> r)
    {
        int scale = r[0];
        Func<int, int> function = x => x * scale;
        r[0] = function(3);
    }

    static void ChecksOverflow(ArrayView<int> r) => r[0] = checked(r[1] + r[2]);

    [System.Runtime.InteropServices.DllImport("nothing")]
    static extern int Outside();

    static void CallsOutside(ArrayView<int> r) => r[0] = Outside();

    static void CallsFramework(ArrayView<int> r) => r[0] = Environment.ProcessorCount;

    static void WritesLine(ArrayView<int> r) => Console.WriteLine(r[0]);

    static void VariableExtent(ArrayView<int> r)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(r[0]);
        r[0] = shared[0];
    }

    static void ReadsStatic(ArrayView<int> r) => r[0] = s_counter;

    static void WritesStatic(ArrayView<int> r) => s_counter = r[0];

    static void MergesReferences(ArrayView<int> r)
    {
        int x = r[0], y = r[1];
        ref int chosen = ref r[2] > 0 ? ref x : ref y;
        chosen = 5;
        r[0] = x + y;
    }

    static int Returns(ArrayView<int> r) => r.IntLength;

    static void TakesArray(int[] r) => r[0] = 1;

    static void UnknownOperand(ArrayView<int> r) => CudaAsm.Emit("mov.u32 %1, %0;", r[0]);

    static void UsesOverlaid(ArrayView<int> r)
    {
        Overlaid overlaid = default;
        overlaid.A = r[0];
        r[0] = (int)overlaid.B;
    }

    static unsafe void AllocatesOnStack(ArrayView<int> r)
    {
        int* memory = stackalloc int[4];
        memory[1] = 3;
        r[0] = memory[1];
    }

    static void UsesSpan(ArrayView<int> r)
    {
        Span<int> span = default;
        r[0] = span.Length;
    }

    static void AtomicOnLocal(ArrayView<int> r)
    {
        int x = r[0];
        Atomic.Add(ref x, 1);
        r[0] = x;
    }

    static void ImplicitBarrier(Index1D i, ArrayView<int> r) => Group.Barrier();

    static void ImplicitShared(Index1D i, ArrayView<int> r) => r[i] = SharedMemory.Allocate<int>(4)[0];

    static void DoubleSine(ArrayView<double> r) => r[0] = Math.Sin(r[0]);

    static void DoublePower(ArrayView<double> r) => r[0] = XMath.Pow(r[0], 2.0);

    static void Assembly(ArrayView<int> r) => CudaAsm.Emit("membar.gl;");

    public static TheoryData<string, JitError, string> Cases => new()
    {
        { nameof(CallsItself), JitError.Recursion, "Factorial" },
        { nameof(CallsItselfThroughAnother), JitError.Recursion, "IsEven" },
        { nameof(NewClass), JitError.ReferenceType, "Node" },
        { nameof(NewArray), JitError.ReferenceType, "newarr" },
        { nameof(ReadsString), JitError.ReferenceType, "String" },
        { nameof(Boxes), JitError.ReferenceType, "box" },
        { nameof(Throws), JitError.Exception, "InvalidOperationException" },
        { nameof(Catches), JitError.Exception, "try" },
        { nameof(CallsVirtually), JitError.VirtualCall, "Get" },
        { nameof(ChecksOverflow), JitError.UnsupportedInstruction, "add.ovf" },
        { nameof(CallsOutside), JitError.NoBody, "Outside" },
        { nameof(CallsFramework), JitError.NoDeviceForm, "ProcessorCount" },
        { nameof(WritesLine), JitError.NoDeviceForm, "WriteLine" },
        { nameof(VariableExtent), JitError.ExtentNotConstant, "SharedMemory.Allocate" },
        { nameof(ReadsStatic), JitError.MutableStatic, "s_counter" },
        { nameof(WritesStatic), JitError.MutableStatic, "s_counter" },
        { nameof(MergesReferences), JitError.MergedReference, "different" },
        { nameof(Returns), JitError.Signature, "returns" },
        { nameof(TakesArray), JitError.Signature, "Int32[]" },
        { nameof(UnknownOperand), JitError.InlineAssembly, "%1" },
        { nameof(UsesOverlaid), JitError.StructLayout, "Overlaid" },
        { nameof(AllocatesOnStack), JitError.StackMemory, "stackalloc" },
        { nameof(UsesSpan), JitError.StackMemory, "Span" },
        { nameof(AtomicOnLocal), JitError.StackMemory, "local" },
        { nameof(ImplicitBarrier), JitError.ImplicitGrouping, "barrier" },
        { nameof(ImplicitShared), JitError.ImplicitGrouping, "shared" },
        { nameof(DoubleSine), JitError.DoubleFunction, "Sin" },
        { nameof(DoublePower), JitError.DoubleFunction, "Pow" },
        { nameof(Assembly), JitError.AssemblyOnCpu, "CudaAsm.IsSupported" },
        { nameof(WaitsForSomeGroups), JitError.HopperOperand, "pending groups is not a constant" },
        { nameof(CopiesWords), JitError.HopperOperand, "an asynchronous copy of a Int32 of 4 bytes" },
        { nameof(CopiesToALocal), JitError.StackMemory, "a local variable" },
        { nameof(HoldsView), JitError.ReferenceInMemory, "view" },
        { nameof(CallsDelegate), JitError.ReferenceType, "" },
    };

    static void WaitsForSomeGroups(ArrayView<int> r) => Wgmma.Wait(r[0]);

    static void CopiesWords(ArrayView<int> r) => AsyncCopy.Copy(ref SharedMemory.Allocate<int>(4)[0], ref r[0], 4);

    static void CopiesToALocal(ArrayView<decimal> r)
    {
        decimal local = default;
        AsyncCopy.Copy(ref local, ref r[0], 16);
    }

    static void HoldsView(ArrayView<int> r) => r[0] = Holders[r[1]].View[0];

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsRefused(string kernel, JitError id, string mentions)
    {
        MethodInfo method = typeof(RefusalTests).GetMethod(kernel, BindingFlags.Static | BindingFlags.NonPublic)!;
        JitException refusal = Assert.Throws<JitException>(() => KernelCompiler.Compile(method,
            new CompileOptions(id == JitError.AssemblyOnCpu ? CompileTarget.Cpu : CompileTarget.Cuda)
            {
                ImplicitlyGrouped = kernel.StartsWith("Implicit", StringComparison.Ordinal),
            }));
        Assert.Equal(id, refusal.Id);
        Assert.Contains(mentions, refusal.Message, StringComparison.Ordinal);
        Assert.Matches(@"^JIT\d{4} [\w<>`]+\.[\w<>|]+, IL_[0-9a-f]{4}( \(\w+\.cs:\d+\))?: .+  Fix: .+\.$", refusal.Message);
        Assert.StartsWith($"JIT{(int)id:0000} ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryIdHasACase() =>
        Assert.Equal(Enum.GetValues<JitError>().Order(), Cases.Select(row => row.Data.Item2).Distinct().Order());
}
