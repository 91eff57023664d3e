namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>
/// What emitted code calls before it touches memory, by the name of the <see cref="AccessKind"/>; each gives the address back.
/// </summary>
static unsafe class RaceCalls
{
    public static nint Read(nint address, GroupContext* context, nint lane, int site, int bytes) =>
        Touch(address, context, lane, site, bytes, AccessKind.Read);

    public static nint Write(nint address, GroupContext* context, nint lane, int site, int bytes) =>
        Touch(address, context, lane, site, bytes, AccessKind.Write);

    public static nint Atomic(nint address, GroupContext* context, nint lane, int site, int bytes) =>
        Touch(address, context, lane, site, bytes, AccessKind.Atomic);

    static nint Touch(nint address, GroupContext* context, nint lane, int site, int bytes, AccessKind kind)
    {
        GroupRaces.Current.Touch(context->FirstThread + (int)lane, address, bytes, kind, site);
        return address;
    }
}
