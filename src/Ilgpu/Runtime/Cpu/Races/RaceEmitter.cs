using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>The IL that tells of an access, where races are looked for.</summary>
static class RaceEmitter
{
    /// <summary>An access to the address on top of the stack, which stays there.</summary>
    public static void Emit(ILGenerator il, ThreadPlaces places, Instruction access)
    {
        if (access.Operands[0].Type.Space is not (AddressSpace.Shared or AddressSpace.Generic))
            return;
        (AccessKind kind, int bytes) = access.Opcode switch
        {
            Opcode.Load => (AccessKind.Read, access.Access.Type.Size() * access.Access.Count),
            Opcode.Store => (AccessKind.Write, access.Access.Type.Size() * access.Access.Count),
            _ => (AccessKind.Atomic, ((AtomicInfo)access.Payload!).Type.Size()),
        };
        places.PushCaller(access);
        il.Emit(OpCodes.Ldc_I4, bytes);
        il.Emit(OpCodes.Call, typeof(RaceCalls).GetMethod(kind.ToString(), BindingFlags.Static | BindingFlags.Public)!);
    }
}
