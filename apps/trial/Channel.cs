using System;
using System.Runtime;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
internal static unsafe class Ch {
  static ChannelHub<KernelDoorbell, Host> hub;
  [RuntimeExport("TrialChannel")]
  static ulong Run(byte* mem) {
    var links = (ChannelLink<KernelDoorbell>*)mem;
    links[1] = new ChannelLink<KernelDoorbell>(new Channel(mem+4096, mem+8192, 63), new Announcer<StrictOrder, KernelDoorbell>((ReceiverControl*)mem, 1, new KernelDoorbell(new DoorbellCapability(new CapabilitySlot(4)))));
    hub = new ChannelHub<KernelDoorbell, Host>(links, 4, (ReceiverControl*)mem, default);
    fixed (ChannelHub<KernelDoorbell, Host>* h = &hub) {
      new LogSessionClient<ChannelTransport<KernelDoorbell, Host>>(new ChannelTransport<KernelDoorbell, Host>(h, 1, 3)).Write("x"u8);
      h->Serve();
    }
    return 0;
  }
  struct Host : IChannelHost {
    public void WaitForDoorbell() => new NotificationCapability(new CapabilitySlot(9)).Wait(out _);
    public bool Handle(ref RpcMessage q, ref RpcMessage r) { return true; }
  }
}
