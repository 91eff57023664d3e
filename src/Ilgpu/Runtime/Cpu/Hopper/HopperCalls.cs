using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// What emitted code calls, by the name of the <see cref="HopperOperation"/>: the group, the lane and the number of the place, then the
/// operation's operands (five coordinates always), then its Size where it has one.
/// </summary>
static unsafe class HopperCalls
{
    public static void BarrierInitialize(GroupContext* context, nint lane, int site, int address, int arrivals) =>
        GroupUnits.Current.Phases.Initialize(Who(context, lane, site), address, arrivals);

    public static void BarrierArrive(GroupContext* context, nint lane, int site, int address) =>
        GroupUnits.Current.Phases.Arrive(Who(context, lane, site), address, 0);

    public static void BarrierArriveExpect(GroupContext* context, nint lane, int site, int address, int bytes) =>
        GroupUnits.Current.Phases.Arrive(Who(context, lane, site), address, bytes);

    public static void TensorLoad(
        GroupContext* context, nint lane, int site, int target, nint map, int barrier, int x, int y, int z, int u, int v) =>
        GroupUnits.Current.Copies.Load(Who(context, lane, site), Box(map, target, x, y, z, u, v), barrier);

    public static void TensorStore(
        GroupContext* context, nint lane, int site, nint map, int source, int x, int y, int z, int u, int v) =>
        GroupUnits.Current.Copies.Store(Who(context, lane, site), Box(map, source, x, y, z, u, v), add: false);

    public static void TensorAdd(
        GroupContext* context, nint lane, int site, nint map, int source, int x, int y, int z, int u, int v)
    {
        Caller caller = Who(context, lane, site);
        if (!((HostTensorMap*)map)->IsFloat)
            throw GroupUnits.Current.Fault(caller, "adds to a tensor whose elements are not float");
        GroupUnits.Current.Copies.Store(caller, Box(map, source, x, y, z, u, v), add: true);
    }

    public static void StoreCommit(GroupContext* context, nint lane, int site) =>
        GroupUnits.Current.Copies.Commit(Who(context, lane, site));

    public static void StoreWaitRead(GroupContext* context, nint lane, int site, int pending) =>
        GroupUnits.Current.Copies.WaitRead(Who(context, lane, site), pending);

    public static void StoreWait(GroupContext* context, nint lane, int site, int pending) =>
        GroupUnits.Current.Copies.Wait(Who(context, lane, site), pending);

    public static void ProxyFence(GroupContext* context, nint lane, int site) =>
        GroupUnits.Current.Proxies?.Fence(Who(context, lane, site).Thread);

    public static void Copy(GroupContext* context, nint lane, int site, int target, nint source, int bytes) =>
        GroupUnits.Current.ThreadCopies.Copy(Who(context, lane, site), target, source, bytes);

    public static void CopyCommit(GroupContext* context, nint lane, int site) =>
        GroupUnits.Current.ThreadCopies.Commit(Who(context, lane, site));

    public static void CopyWait(GroupContext* context, nint lane, int site, int pending) =>
        GroupUnits.Current.ThreadCopies.Wait(Who(context, lane, site), pending);

    /// <summary>A plain store to shared memory, in checked kernels.</summary>
    public static void SharedWrite(GroupContext* context, nint lane, int site, nint target, int bytes) =>
        GroupUnits.Current.Proxies?.Write(Who(context, lane, site).Thread, target - (nint)context->Shared, bytes);

    public static void MultiplyFence(GroupContext* context, nint lane, int site) => Of(context, lane, site, out Caller caller).Fence(caller);

    public static void Multiply(GroupContext* context, nint lane, int site, nint sums, long a, long b, int accumulate) =>
        Of(context, lane, site, out Caller caller).Multiply(
            caller, sums, 0, (ulong)a, (ulong)b, accumulate != 0);

    public static void MultiplyRegisters(GroupContext* context, nint lane, int site, nint sums, nint words, long b, int accumulate) =>
        Of(context, lane, site, out Caller caller).Multiply(
            caller, sums, words, 0, (ulong)b, accumulate != 0);

    public static void MultiplyCommit(GroupContext* context, nint lane, int site) => Of(context, lane, site, out Caller caller).Commit(caller);

    /// <returns>What the suspension waits for.</returns>
    public static int MultiplyWait(GroupContext* context, nint lane, int site, int pending) =>
        Of(context, lane, site, out Caller caller).Wait(caller, pending);

    /// <returns>What the suspension waits for.</returns>
    public static long NamedBarrierSync(GroupContext* context, nint lane, int site, int identifier, int threads) =>
        GroupUnits.Current.Named.Arrive(Who(context, lane, site), identifier, threads);

    public static void NamedBarrierArrive(GroupContext* context, nint lane, int site, int identifier, int threads) =>
        GroupUnits.Current.Named.Arrive(Who(context, lane, site), identifier, threads);

    public static void SetRegisters(GroupContext* context, nint lane, int site, int count)
    {
        Of(context, lane, site, out Caller caller);
        GroupUnits.Current.Registers.Set(caller, count);
    }

    static Caller Who(GroupContext* context, nint lane, int site) => new(context->FirstThread + (int)lane, site);

    static Warpgroup Of(GroupContext* context, nint lane, int site, out Caller caller) =>
        GroupUnits.Current.WarpgroupOf(caller = Who(context, lane, site));

    static TensorBox Box(nint map, int address, int x, int y, int z, int u, int v)
    {
        Coordinates coordinates = default;
        (coordinates[0], coordinates[1], coordinates[2], coordinates[3], coordinates[4]) = (x, y, z, u, v);
        return new TensorBox((HostTensorMap*)map, address, coordinates);
    }
}
